import { faultOf } from "@firebreak/archive";

/** What stops a transform before it begins. */
export interface TransformFaults {
  /** An archive of MongoDB for MongoDB: its documents are as they are to be. */
  "transform-same-kind": { archive: string };
  /** A link before a delta was not transformed for this kind of target, or not on this host. */
  "link-not-made": { archive: string; kind: "mysql" | "mongodb" };
  /** Links before a delta were transformed with a profile, or this one is to be. */
  "delta-profile": { archive: string; profile: string };
  /** A table of the chain whose rows cannot be told apart, whose columns are others now, or that another version made. */
  "delta-unplanned": { table: string; namespace: string; why: "no-key" | "other-columns" | "other-version" };
}

export const transformFault: ReturnType<typeof faultOf<TransformFaults>> = faultOf<TransformFaults>({
  "transform-same-kind": 2,
  "link-not-made": 6,
  "delta-profile": 6,
  "delta-unplanned": 6,
});
