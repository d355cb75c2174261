import { sha256BytesOf, type TablePart } from "@firebreak/archive";
import { TableDigest } from "@firebreak/items";
import type { DocumentLines, Refusal } from "../document-lines.ts";
import type { LazyPart } from "../lazy-part.ts";
import type { MappedTargetDocument } from "../profile.ts";

/** The documents of one source part that went to one collection. */
export interface WrittenCollectionDocuments {
  /** The index of the collection in the plan. */
  readonly collection: number;
  readonly part: TablePart;
  readonly largestDocumentBytes: number;
}

/** A proved document: its line with the line end, and the hash and size of its BSON. */
export interface ProvedDocument {
  readonly line: Buffer;
  readonly bsonHash: Buffer;
  readonly byteCount: number;
}

/** Proves a document by decoding its line. */
export function proveDocument(
  lines: DocumentLines,
  { document }: MappedTargetDocument,
): ProvedDocument | Refusal {
  lines.out.clear();
  const added = lines.add(document);
  if ("reason" in added) return added;
  return {
    line: Buffer.from(lines.out.written()),
    bsonHash: sha256BytesOf(added.bson),
    byteCount: added.bson.length,
  };
}

/** The documents of one source part for one collection, in one file that begins with its first document. */
export class DocumentSink {
  readonly #part: LazyPart;
  readonly #digest = new TableDigest();
  readonly #collection: number;
  #lines: Buffer[] = [];
  #largestDocumentBytes = 0;

  constructor(part: LazyPart, collection: number) {
    this.#part = part;
    this.#collection = collection;
  }

  add({ line, bsonHash, byteCount }: ProvedDocument): void {
    this.#lines.push(line);
    this.#digest.add(bsonHash);
    this.#largestDocumentBytes = Math.max(this.#largestDocumentBytes, byteCount);
  }

  /** Writes the documents added so far. */
  async flush(): Promise<void> {
    const lines = this.#lines.splice(0);
    if (lines.length > 0) await this.#part.write(Buffer.concat(lines), lines.length);
  }

  /** Seals the file. Returns undefined if no document came. */
  async seal(): Promise<WrittenCollectionDocuments | undefined> {
    await this.flush();
    const part = await this.#part.seal();
    if (part === undefined) return undefined;
    return {
      collection: this.#collection,
      part: { ...part, digest: this.#digest.toPlain() },
      largestDocumentBytes: this.#largestDocumentBytes,
    };
  }

  async abandon(): Promise<void> {
    await this.#part.abandon();
  }
}
