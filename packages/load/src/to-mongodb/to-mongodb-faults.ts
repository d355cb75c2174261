import { faultOf } from "@firebreak/archive";
import type { ChainProblem } from "./chain-place.ts";
import type { MongodbFinding } from "./findings.ts";

/** What stops a load into MongoDB, besides what stops any load. */
export interface ToMongodbFaults {
  "load-mongodb-refused": { server: string; findings: readonly MongodbFinding[] };
  /** The delta, or the full archive below it, is not what comes next in the target. */
  "delta-refused-mongodb": { server: string; database: string; number: number; why: ChainProblem };
  /** The quarantine of a part is not below `work`. */
  "replay-documents-missing": { namespace: string; part: string; count: number; file: string };
  /** The same, of an earlier link: what a delta makes of those documents cannot be known. */
  "delta-documents-missing": { namespace: string; part: string; count: number; file: string };
}

export const toMongodbFault: ReturnType<typeof faultOf<ToMongodbFaults>> = faultOf<ToMongodbFaults>({
  "load-mongodb-refused": 6,
  "delta-refused-mongodb": 6,
  "replay-documents-missing": 6,
  "delta-documents-missing": 6,
});
