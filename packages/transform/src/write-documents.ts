import { hash } from "node:crypto";
import {
  fromByteText,
  LineDecoder,
  LineFields,
  LineWriter,
  readLines,
  TableDigest,
  type PartEntry,
  type ReadLine,
  type TablePart,
} from "@firebreak/archive";
import { bsonElement } from "./bson-element.ts";
import type { DocumentMapper, DocumentRefusal, MappedDocument } from "./document-mapper.ts";
import type { DocumentRule } from "./documents-plan.ts";
import { GenericDocumentMapper } from "./generic-document.ts";
import type { Keys } from "./keys.ts";
import { LazyPart } from "./lazy-part.ts";
import { OwnDocumentMapper } from "./own-document.ts";

/** What a document of MongoDB may have (manual, "BSON Document Size"). */
const MAX_DOCUMENT_BYTES = 16 << 20;

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
  const setAside: string[] = [];

  const take = (read: ReadLine): void => {
    const added = lines.add(mapper.map(read));
    if ("reason" in added) {
      const { reason, field } = added;
      const { number, line } = read;
      setAside.push(
        `${JSON.stringify({ namespace, part: part.file, line: number, reason, field, document: fromByteText(line) })}\n`,
      );
      return;
    }
    digest.add(hash("sha256", added.bson, "buffer"));
    largestDocumentBytes = Math.max(largestDocumentBytes, added.bson.length);
    documentCount++;
  };
  const flush = async (lineCount: number, bytes: number): Promise<void> => {
    if (documentCount > 0) await documents.write(lines.out.written(), documentCount);
    lines.out.clear();
    documentCount = 0;
    for (const line of setAside.splice(0)) await quarantine.write(Buffer.from(line, "utf8"), 1);
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

interface Refusal {
  readonly reason: DocumentRefusal;
  readonly field: string;
}

/** Gathers documents as lines, each proved by being decoded, or says why one cannot be. */
class DocumentLines {
  readonly #writer = new LineWriter();
  readonly #decoder = new LineDecoder();
  readonly out = this.#writer.out;

  /** @returns the document's bytes, valid until the next one. */
  add(mapped: MappedDocument): Refusal | { readonly bson: Buffer } {
    switch (mapped.kind) {
      case "quarantine":
        return mapped;
      case "line":
        return this.#addLine(mapped.line);
      case "elements":
        return this.#addElements(mapped.elements);
    }
  }

  #addLine(line: string): Refusal | { readonly bson: Buffer } {
    const { out } = this;
    const from = out.at;
    out.ascii(line);
    const { out: decoded } = this.#decoder;
    decoded.clear();
    try {
      this.#decoder.decode(out.bytes, from, out.at);
    } catch {
      out.at = from;
      return { reason: "value-unfit", field: unsoundField(line) };
    }
    out.ascii("\n");
    if (decoded.at <= MAX_DOCUMENT_BYTES) return { bson: decoded.written() };
    out.at = from;
    return { reason: "document-too-large", field: largestField(line) };
  }

  #addElements(elements: readonly Buffer[]): Refusal | { readonly bson: Buffer } {
    const length = elements.reduce((sum, element) => sum + element.length, 5);
    if (length > MAX_DOCUMENT_BYTES) return { reason: "document-too-large", field: "" };
    const head = Buffer.alloc(4);
    head.writeInt32LE(length);
    const bson = Buffer.concat([head, ...elements, Buffer.alloc(1)]);
    this.#writer.write(bson, 0, bson.length);
    this.out.ascii("\n");
    return { bson };
  }
}

/** The first field whose value is none. */
function unsoundField(line: string): string {
  const fields = fieldsOfLine(line);
  return fields.find(({ text }) => !isSound(text))?.name ?? "";
}

function isSound(text: string): boolean {
  try {
    bsonElement("v", text);
    return true;
  } catch {
    return false;
  }
}

function largestField(line: string): string {
  const fields = fieldsOfLine(line);
  return fields.reduce((a, b) => (b.text.length > a.text.length ? b : a)).name;
}

function fieldsOfLine(line: string): { name: string; text: string }[] {
  const fields = new LineFields();
  try {
    fields.read(line, 0, line.length);
  } catch {
    return [];
  }
  return Array.from({ length: fields.count }, (_, i) => ({ name: fields.names[i]!, text: fields.text(i) }));
}
