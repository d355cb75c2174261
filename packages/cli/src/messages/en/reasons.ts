import { reasonWords, type Reason, type ReasonTexts } from "@firebreak/archive";
import type { Reasons } from "../codes.ts";
import { archiveReasons, verifyReasons } from "./archive-reasons.ts";
import { dumpReasons } from "./dump-reasons.ts";
import { serverReasons } from "./server-reasons.ts";
import { cliReasons } from "./usage.ts";

/** Our own reasons, in English. */
const reasons: ReasonTexts<Reasons> = {
  ...archiveReasons,
  ...cliReasons,
  ...dumpReasons,
  ...serverReasons,
  ...verifyReasons,
};

/** Words a reason, as a part of an English sentence. */
export function words(reason: Reason): string {
  return reasonWords(reasons, reason);
}
