import type { ArchiveFile } from "@firebreak/archive";
import type { LabelHead } from "./label.ts";

/** A run of bytes of one file, as one member of a volume. */
export interface PlannedMember {
  readonly name: string;
  readonly file: ArchiveFile;
  readonly offset: number;
  readonly bytes: number;
  /** Undefined for a whole file. */
  readonly piece: { readonly number: number; readonly count: number } | undefined;
}

export interface PlannedVolume {
  readonly head: LabelHead;
  readonly members: readonly PlannedMember[];
}
