import type { FirebreakError } from "@firebreak/archive";
import { targetFault } from "../target-faults.ts";
import type { ChainPlace } from "./chain-place.ts";
import type { ChainVerdict } from "./chain-verdict.ts";

/** Returns the fault of an archive that is not the next link of its chain on a server. */
export function chainRefusal(
  server: string,
  { number, chain: chainSha256 }: ChainPlace,
  { database, why }: Extract<ChainVerdict, { what: "refused" }>,
): FirebreakError {
  const where = { server, database };
  switch (why.what) {
    case "base-missing":
      return targetFault("delta-base-missing", { ...where, number, chainSha256 });
    case "other-chain":
      return targetFault("delta-other-chain", { ...where, number, chainSha256 });
    case "link-missing":
      return targetFault("delta-link-missing", { ...where, number, newest: why.newest });
    case "forked":
      return targetFault("delta-forked", {
        ...where,
        number: why.number,
        expected: why.expected,
        found: why.found,
      });
    case "unfinished":
      return targetFault("delta-unfinished", { ...where, number: why.number });
  }
}
