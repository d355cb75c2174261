import { faultOf } from "@firebreak/archive";
import type { TargetKind } from "./transform.ts";

/** What stops a transform before it begins. */
export interface TransformFaults {
  /** An archive of one kind of database needs no transform for the same kind. */
  "transform-same-kind": { archive: string; kind: TargetKind };
}

export const transformFault: ReturnType<typeof faultOf<TransformFaults>> = faultOf<TransformFaults>({
  "transform-same-kind": 2,
});
