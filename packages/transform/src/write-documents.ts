import {
  collectGarbage,
  readLines,
  sha256BytesOf,
  TableDigest,
  type PartEntry,
  type ReadLine,
  type TablePart,
} from "@firebreak/archive";
import { DocumentLines, MAX_DOCUMENT_BYTES, refuseTooLarge, type Refusal } from "./document-lines.ts";
import type { DocumentMapper } from "./document-mapper.ts";
import type { DocumentRule } from "./documents-plan.ts";
import { GenericDocumentMapper } from "./generic-document.ts";
import type { Keys } from "./keys.ts";
import { LazyPart } from "./lazy-part.ts";
import { OwnDocumentMapper } from "./own-document.ts";

/** Of a line in quarantine so much is written at once. */
const PIECE = 1 << 15;

/** One source part to be mapped. Files are relative to the folder that transform writes. */
export interface DocumentsTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly namespace: string;
  readonly rule: DocumentRule;
  readonly folder: string;
  readonly documentsFile: string;
  readonly quarantineFile: string;
  readonly keys: Keys;
}

export interface WrittenDocuments {
  readonly part: TablePart | undefined;
  readonly quarantine: PartEntry | undefined;
  readonly largestDocumentBytes: number;
}

/** Maps one part of rows to one part of documents with its digest, and what cannot be a document to quarantine. */
export async function writeDocuments(
  task: DocumentsTask,
  count: (lines: number, bytes: number) => void,
): Promise<WrittenDocuments> {
  const { namespace, rule, part, keys } = task;
  const mapper: DocumentMapper =
    rule.kind === "own" ? new OwnDocumentMapper(rule, namespace, part.file) : new GenericDocumentMapper(rule);
  const lines = new DocumentLines();
  const digest = new TableDigest();
  const documents = new LazyPart(task.folder, task.documentsFile, keys.recipients);
  const quarantine = new LazyPart(task.folder, task.quarantineFile, keys.recipients);
  let largestDocumentBytes = 0;
  let documentCount = 0;
  let hasHugeLine = false;
  const setAside: (Refusal & Pick<ReadLine, "line" | "number">)[] = [];

  const take = (read: ReadLine): void => {
    const { line, number, fields } = read;
    const isHuge = line.length > MAX_DOCUMENT_BYTES;
    hasHugeLine ||= isHuge;
    const added =
      (isHuge && rule.kind === "own" ? refuseTooLarge(fields) : undefined) ?? lines.add(mapper.map(read));
    if ("reason" in added) {
      setAside.push({ reason: added.reason, field: added.field, line, number });
      return;
    }
    digest.add(sha256BytesOf(added.bson));
    largestDocumentBytes = Math.max(largestDocumentBytes, added.bson.length);
    documentCount++;
  };
  const flush = async (lineCount: number, bytes: number): Promise<void> => {
    if (documentCount > 0) await documents.write(lines.out.written(), documentCount);
    lines.out.clear();
    documentCount = 0;
    for (const { reason, field, line, number } of setAside.splice(0)) {
      const head = JSON.stringify({ namespace, part: part.file, line: number, reason, field }).slice(0, -1);
      await quarantine.write(Buffer.from(`${head},"document":"`), 0);
      for (const piece of escapedPieces(line)) await quarantine.write(Buffer.from(piece, "latin1"), 0);
      await quarantine.write(Buffer.from('"}\n'), 1);
    }
    if (hasHugeLine) collectGarbage();
    hasHugeLine = false;
    count(lineCount, bytes);
  };

  try {
    await readLines(task.sourceFile, part, keys, take, flush);
    const written = await documents.seal();
    return {
      part: written === undefined ? undefined : { ...written, digest: digest.toPlain() },
      quarantine: await quarantine.seal(),
      largestDocumentBytes,
    };
  } catch (error) {
    await documents.abandon();
    await quarantine.abandon();
    throw error;
  }
}

/** Byte text as it stands inside a JSON string, in pieces: a line may be of 100 MB. */
function* escapedPieces(line: string): Generator<string> {
  for (let at = 0; at < line.length; at += PIECE)
    yield JSON.stringify(line.slice(at, at + PIECE)).slice(1, -1);
}
