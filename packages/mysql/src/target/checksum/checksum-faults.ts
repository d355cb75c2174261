import { faultOf } from "@firebreak/archive";
import type { NoProof } from "./since-last/no-proof.ts";

/** The reasons why a comparison cannot be made. */
export interface ChecksumFaults {
  "since-last-unproved": NoProof;
  "checksum-unhashed": { table: string; rows: number };
  /** None of these folders has the transform of a link before a delta. */
  "link-not-transformed": { archive: string; folders: readonly string[] };
}

export const checksumFault: ReturnType<typeof faultOf<ChecksumFaults>> = faultOf<ChecksumFaults>({
  "since-last-unproved": 6,
  "checksum-unhashed": 6,
  "link-not-transformed": 6,
});
