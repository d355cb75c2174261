import { faultOf, type DatabaseKind } from "@firebreak/archive";

/** The faults that stop a transform before it begins. */
export interface TransformFaults {
  /** The archive comes from MongoDB and the target is MongoDB. The documents need no transform. */
  "transform-same-kind": { archive: string };
  /** A link before a delta was not transformed for this kind of target, or not on this host. */
  "link-not-made": { archive: string; kind: DatabaseKind };
  /** The links before a delta were transformed with a profile, or a profile was given for the delta. */
  "delta-profile": { archive: string; profile: string };
  /** A table of the chain has no key for its rows, has other columns now, or was made by another version. */
  "delta-unplanned": { table: string; namespace: string; why: "no-key" | "other-columns" | "other-version" };
}

export const transformFault: ReturnType<typeof faultOf<TransformFaults>> = faultOf<TransformFaults>({
  "transform-same-kind": 2,
  "link-not-made": 6,
  "delta-profile": 6,
  "delta-unplanned": 6,
});
