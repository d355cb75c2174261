import { faultOf } from "@firebreak/archive";

/** What stops a transform before it begins. */
export interface TransformFaults {
  /** An archive of MongoDB for MongoDB: its documents are as they are to be. */
  "transform-same-kind": { archive: string };
}

export const transformFault: ReturnType<typeof faultOf<TransformFaults>> = faultOf<TransformFaults>({
  "transform-same-kind": 2,
});
