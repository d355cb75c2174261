import { faultOf } from "@firebreak/archive";

/** The damage of a volume as a whole; `checksum` is that of the file beside it. */
export type VolumeDamage = "cut-off" | "head" | "padding" | "end" | "label" | "checksum" | "checksum-file";

/** A reason why a member of a volume is not unpacked. */
export type MemberRefusal = "kind" | "name" | "unlisted" | "twice" | "missing" | "size";

/** The faults of a bundle, or of its destination, with their fields. */
export interface BundleFaults {
  "volumes-too-many": { volumeMib: number; limit: number };
  "out-in-archive": { out: string; archive: string };
  "out-taken": { out: string; found: string };
  "volumes-none": { folder: string };
  "volumes-missing": { archive: string; folder: string; missing: readonly string[]; count: number };
  "volume-foreign": { volume: string; expected: string; found: string };
  "volume-twice": { volume: string; other: string; number: number };
  "volume-unlabelled": { volume: string };
  "volume-damaged": { volume: string; what: VolumeDamage };
  "member-refused": { volume: string; member: string; why: MemberRefusal };
  "member-damaged": { volume: string; member: string; expected: string; found: string };
  "target-taken": { archive: string; found: string };
}

export const bundleFault: ReturnType<typeof faultOf<BundleFaults>> = faultOf<BundleFaults>({
  "volumes-too-many": 2,
  "out-in-archive": 2,
  "out-taken": 6,
  "volumes-none": 5,
  "volumes-missing": 5,
  "volume-foreign": 6,
  "volume-twice": 6,
  "volume-unlabelled": 5,
  "volume-damaged": 5,
  "member-refused": 5,
  "member-damaged": 5,
  "target-taken": 6,
});
