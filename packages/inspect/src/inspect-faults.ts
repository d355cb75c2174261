import { faultOf } from "@firebreak/archive";

/** The faults of a request about an archive. */
export interface InspectFaults {
  "namespace-unknown": { archive: string; namespace: string; known: readonly string[] };
  /** The URL of a target names no database, or one that does not exist. */
  "target-database": { server: string; database: string | undefined };
}

export const inspectFault: ReturnType<typeof faultOf<InspectFaults>> = faultOf<InspectFaults>({
  "namespace-unknown": 2,
  "target-database": 2,
});
