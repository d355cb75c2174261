import {
  collectGarbage,
  readLines,
  sha256BytesOf,
  type PartEntry,
  type ReadLine,
  type TablePart,
} from "@firebreak/archive";
import { TableDigest } from "@firebreak/items";
import { DocumentLines, MAX_DOCUMENT_BYTES, refuseTooLarge } from "./document-lines.ts";
import type { DocumentMapper } from "./document-mapper.ts";
import type { DocumentRule } from "./documents-plan.ts";
import { GenericDocumentMapper } from "./generic-document.ts";
import type { Keys } from "./keys.ts";
import { LazyPart } from "./lazy-part.ts";
import { OwnDocumentMapper } from "./own-document.ts";
import { QuarantinePart } from "./quarantine-part.ts";

/** The task to map one source part. Files are relative to the folder that transform writes. */
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

/** Maps one part of rows to documents with their digest. Rows that cannot be documents go to quarantine. */
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
  const quarantine = new QuarantinePart(task);
  let largestDocumentBytes = 0;
  let documentCount = 0;
  let hasHugeLine = false;

  const take = (read: ReadLine): void => {
    const { line, fields } = read;
    const isHuge = line.length > MAX_DOCUMENT_BYTES;
    hasHugeLine ||= isHuge;
    const added =
      (isHuge && rule.kind === "own" ? refuseTooLarge(fields) : undefined) ?? lines.add(mapper.map(read));
    if ("reason" in added) {
      quarantine.add(read, added);
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
    await quarantine.flush();
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
