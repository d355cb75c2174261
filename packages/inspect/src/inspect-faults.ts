import { faultOf } from "@firebreak/archive";

/** What can be wrong with what is asked of an archive. */
export interface InspectFaults {
  "namespace-unknown": { archive: string; namespace: string; known: readonly string[] };
  /** The URL of a target names no database, or none that is there. */
  "target-database": { server: string; database: string | undefined };
}

export const inspectFault: ReturnType<typeof faultOf<InspectFaults>> = faultOf<InspectFaults>({
  "namespace-unknown": 2,
  "target-database": 2,
});
