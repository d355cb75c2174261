import { manifestParts, type FileEntry, type PartEntry } from "@firebreak/archive";

type Manifest = Parameters<typeof manifestParts>[0];

/** Bytes on disk, and how many files they are in. */
export interface FileSizes {
  readonly files: number;
  readonly bytes: number;
}

/** The same, and what is in those of its files that have documents or rows. */
export interface Sizes extends FileSizes {
  readonly parts: number;
  readonly lines: number;
  readonly plainBytes: number;
}

/** Sums up files, of which nothing else is known. */
export function fileSizes(files: readonly FileEntry[]): FileSizes {
  return { files: files.length, bytes: files.reduce((sum, f) => sum + f.bytes, 0) };
}

/** Sums up parts of documents or rows, and all files that they are among. */
export function sizesOf(content: readonly PartEntry[], files: readonly FileEntry[] = content): Sizes {
  return {
    ...fileSizes(files),
    parts: content.length,
    lines: linesOf(content),
    plainBytes: content.reduce((sum, p) => sum + p.plainBytes, 0),
  };
}

/** What the files of a folder hold: documents or rows, keys of a delta, lines in quarantine. */
export interface FolderSizes {
  readonly sizes: Sizes;
  readonly keys: number;
  readonly quarantined: number;
}

/** @param files all that the folder's manifest answers for. */
export function folderSizes(manifest: Manifest, files: readonly FileEntry[]): FolderSizes {
  const { content, keys, quarantine } = manifestParts(manifest);
  return {
    sizes: sizesOf(content, files),
    keys: linesOf(keys),
    quarantined: linesOf(quarantine),
  };
}

function linesOf(parts: readonly PartEntry[]): number {
  return parts.reduce((sum, p) => sum + p.lineCount, 0);
}
