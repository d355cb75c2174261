import { type LazyPart, sha256BytesOf } from "@firebreak/archive";
import { TableDigest } from "@firebreak/items";
import { DocumentLines } from "../collections/document-lines.ts";
import type { ItemSink, WrittenItems } from "./item-sink.ts";
import type { MappedLine, TargetDocument } from "./line-mapper.ts";

/** A proved document: its line with the line end, and the hash and size of its BSON. */
export interface ProvedDocument {
  readonly target: number;
  readonly line: Buffer;
  readonly bsonHash: Buffer;
  readonly byteCount: number;
}

/** Proves documents by decoding their lines. */
export class DocumentProver {
  readonly #lines = new DocumentLines();

  /**
   * Proves all documents of a line before one is kept: a line is mapped completely or goes to quarantine. The
   * line of an only document that is not huge is valid until the next call.
   */
  prove(mapped: MappedLine<TargetDocument>, isHuge: boolean): MappedLine<ProvedDocument> {
    if (mapped.kind !== "mapped") return mapped;
    const isKept = isHuge || mapped.outputs.length > 1;
    const { out } = this.#lines;
    const outputs: ProvedDocument[] = [];
    for (const { target, document } of mapped.outputs) {
      out.clear();
      const added = this.#lines.add(document);
      if ("reason" in added) return { kind: "quarantine", reason: added.reason, field: added.field };
      outputs.push({
        target,
        line: isKept ? out.detach() : out.written(),
        bsonHash: sha256BytesOf(added.bson),
        byteCount: added.bson.length,
      });
    }
    return { kind: "mapped", outputs, remarks: mapped.remarks };
  }
}

/** The documents of one source part that go to one collection, with their digest. */
export class DocumentSink implements ItemSink<ProvedDocument> {
  readonly #part: LazyPart;
  readonly #digest = new TableDigest();
  #hugeLine: Buffer | undefined;
  #largestDocumentBytes = 0;

  constructor(part: LazyPart) {
    this.#part = part;
  }

  add({ line, bsonHash, byteCount }: ProvedDocument, isHuge: boolean): void {
    // A huge line is the first of its block, and there is only one.
    if (isHuge && this.#part.lineCount === 0) this.#hugeLine = line;
    else {
      this.#part.lines.copy(line);
      this.#part.lineCount++;
    }
    this.#digest.add(bsonHash);
    if (byteCount > this.#largestDocumentBytes) this.#largestDocumentBytes = byteCount;
  }

  async flush(): Promise<void> {
    if (this.#hugeLine !== undefined) await this.#part.write(this.#hugeLine, 1);
    this.#hugeLine = undefined;
    await this.#part.flush();
  }

  async seal(): Promise<WrittenItems | undefined> {
    await this.flush();
    const part = await this.#part.seal();
    return (
      part && {
        part: { ...part, digest: this.#digest.toPlain() },
        largestValueBytes: 0,
        largestItemBytes: this.#largestDocumentBytes,
      }
    );
  }

  async abandon(): Promise<void> {
    await this.#part.abandon();
  }
}
