import { faultOf } from "@firebreak/archive";
import type { MongodbFinding } from "./preflight/findings.ts";

/** The faults of a load into MongoDB, besides those of any load. */
export interface ToMongodbFaults {
  "load-mongodb-refused": { server: string; findings: readonly MongodbFinding[] };
  /** The quarantine of a part is not below `work`. */
  "replay-documents-missing": { namespace: string; part: string; count: number; file: string };
  /** The same for an earlier link: the effect of a delta on those documents cannot be known. */
  "delta-documents-missing": { namespace: string; part: string; count: number; file: string };
}

export const toMongodbFault: ReturnType<typeof faultOf<ToMongodbFaults>> = faultOf<ToMongodbFaults>({
  "load-mongodb-refused": 6,
  "replay-documents-missing": 6,
  "delta-documents-missing": 6,
});
