import { faultOf } from "@firebreak/archive";
import type { MongodbFinding } from "./findings.ts";

/** What stops a load into MongoDB, besides what stops any load. */
export interface ToMongodbFaults {
  "load-mongodb-refused": { server: string; findings: readonly MongodbFinding[] };
  /** The quarantine of a part is not below `work`. */
  "replay-documents-missing": { namespace: string; part: string; count: number; file: string };
}

export const toMongodbFault: ReturnType<typeof faultOf<ToMongodbFaults>> = faultOf<ToMongodbFaults>({
  "load-mongodb-refused": 6,
  "replay-documents-missing": 6,
});
