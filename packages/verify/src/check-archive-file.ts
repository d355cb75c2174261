import { createHash } from "node:crypto";
import {
  archiveFault,
  checkFile,
  checkSize,
  INDEX_FOLDER,
  MONGODB_FOLDER,
  readPart,
  refuseOtherHash,
  type ArchiveFile,
  type HugeTurn,
  type PartEntry,
} from "@firebreak/archive";
import { LineCheck } from "./line-check.ts";

/** Matches the paths of parts whose lines are documents: not those of quarantine, of lists or of an index. */
const DOCUMENTS = new RegExp(
  `^(?:source|${MONGODB_FOLDER}/(?!(?:quarantine|listed|${INDEX_FOLDER})/)[^/]+)/`,
);

/** Matches the names of binary parts, whose records count as lines: their plaintext's hash proves them. */
const BINARY = new RegExp(`(?:^|/)${INDEX_FOLDER}/[^/]*-(?:documents|keys)\\.zst(?:\\.age)?$`);

/**
 * `files`: every file has its size and hash. `content`: in addition every part has its lines, and each line
 * of documents decodes.
 */
export type VerifyDepth = "files" | "content";

/** The task of checking one file, as it goes to a worker thread. */
export interface CheckTask {
  readonly file: ArchiveFile;
  readonly depth: VerifyDepth;
  /** Identities of the person; needed for the content of an encrypted archive. */
  readonly identities: readonly string[] | undefined;
}

interface Checking {
  readonly identities: readonly string[] | undefined;
  readonly count: (bytes: number) => void;
  readonly hugeTurn: HugeTurn | undefined;
}

/**
 * Proves one file of an archive against its entry in the manifest.
 *
 * @param count is called with the file's bytes as they are read.
 * @throws {FirebreakError} (exit 5) naming the file.
 */
export async function checkArchiveFile(
  { file: { name, path, entry }, depth, identities }: CheckTask,
  count: (bytes: number) => void,
  hugeTurn?: HugeTurn,
): Promise<void> {
  const checking = { identities, count, hugeTurn };
  if (depth === "content" && "plainBytes" in entry)
    return DOCUMENTS.test(name) ? checkDocuments(path, entry, checking) : checkLines(path, entry, checking);
  return checkFile(path, entry, (block) => count(block.length));
}

async function checkLines(path: string, entry: PartEntry, checking: Checking): Promise<void> {
  let lines = 0;
  await readWhole(path, entry, checking, (block) => {
    for (let at = block.indexOf(0x0a); at >= 0; at = block.indexOf(0x0a, at + 1)) lines++;
  });
  const isCsv = /\.csv\.zst(\.age)?$/.test(entry.file);
  if (!isCsv && !BINARY.test(entry.file)) refuseOtherCount(path, entry, lines);
}

/** Reports the fault of a line only after the bytes proved to be those that were sealed. */
async function checkDocuments(path: string, entry: PartEntry, checking: Checking): Promise<void> {
  const lines = new LineCheck(entry.plainBytes);
  const { hugeTurn } = checking;
  let hasTurn = false;
  try {
    await readWhole(path, entry, checking, async (block) => {
      lines.take(block);
      if (lines.isHuge === hasTurn) return;
      hasTurn = lines.isHuge;
      if (hasTurn) await hugeTurn?.take();
      else hugeTurn?.give();
    });
  } finally {
    if (hasTurn) hugeTurn?.give();
  }
  lines.end();
  if (lines.unreadable !== undefined)
    throw archiveFault("line-unreadable", { file: path, ...lines.unreadable });
  refuseOtherCount(path, entry, lines.lineCount);
}

/** Passes a part's plaintext to `take`, and proves the part. */
async function readWhole(
  path: string,
  entry: PartEntry,
  { identities, count }: Checking,
  take: (block: Buffer) => Promise<void> | void,
): Promise<void> {
  await checkSize(path, entry);
  const plainToFile = entry.plainBytes === 0 ? 0 : entry.bytes / entry.plainBytes;
  const fileHash = createHash("sha256");
  for await (const block of readPart(path, path, entry, { fileHash, identities })) {
    await take(block);
    count(Math.round(block.length * plainToFile));
  }
  refuseOtherHash(path, entry, fileHash.digest("hex"));
}

function refuseOtherCount(path: string, entry: PartEntry, lines: number): void {
  if (lines !== entry.lineCount)
    throw archiveFault("part-content", {
      file: path,
      what: "lines",
      expected: String(entry.lineCount),
      found: String(lines),
    });
}
