import type { FileEntry, PartEntry } from "@firebreak/archive";

/** Bytes on disk, and of the plaintext. */
export interface Sizes {
  readonly parts: number;
  readonly lines: number;
  readonly bytes: number;
  readonly plainBytes: number;
}

/** What a folder holds, which its manifest says also without a key. */
export function sizesOf(files: readonly (FileEntry | PartEntry)[]): Sizes {
  const parts = files.filter((f): f is PartEntry => "lineCount" in f);
  const sum = (count: (part: PartEntry) => number): number => parts.reduce((n, p) => n + count(p), 0);
  return {
    parts: parts.length,
    lines: sum((p) => p.lineCount),
    bytes: files.reduce((n, f) => n + f.bytes, 0),
    plainBytes: sum((p) => p.plainBytes),
  };
}
