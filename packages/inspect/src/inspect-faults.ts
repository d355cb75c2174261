import { faultOf } from "@firebreak/archive";

/** What can be wrong with what is asked of an archive. */
export interface InspectFaults {
  "namespace-unknown": { archive: string; namespace: string; known: readonly string[] };
}

export const inspectFault: ReturnType<typeof faultOf<InspectFaults>> = faultOf<InspectFaults>({
  "namespace-unknown": 2,
});
