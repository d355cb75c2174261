import { manifestParts, type FileEntry, type PartEntry } from "@firebreak/archive";

type Manifest = Parameters<typeof manifestParts>[0];

/** The number of files and their bytes on disk. */
export interface FileSizes {
  readonly files: number;
  readonly bytes: number;
}

/** The number and bytes of files, with the contents of those that have documents or rows. */
export interface Sizes extends FileSizes {
  readonly parts: number;
  readonly lines: number;
  readonly plainBytes: number;
}

/** Sums up files without known contents. */
export function fileSizes(files: readonly FileEntry[]): FileSizes {
  return { files: files.length, bytes: files.reduce((sum, f) => sum + f.bytes, 0) };
}

/** Sums up parts of documents or rows, and all files that contain these parts. */
export function sizesOf(content: readonly PartEntry[], files: readonly FileEntry[] = content): Sizes {
  return {
    ...fileSizes(files),
    parts: content.length,
    lines: linesOf(content),
    plainBytes: content.reduce((sum, p) => sum + p.plainBytes, 0),
  };
}

/** The contents of a folder's files: documents or rows, keys of a delta, lines in quarantine. */
export interface FolderSizes {
  readonly sizes: Sizes;
  readonly keys: number;
  readonly quarantined: number;
}

/** @param files all that the folder's manifest lists. */
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
