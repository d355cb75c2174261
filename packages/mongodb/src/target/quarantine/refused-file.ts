import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import {
  LOAD_QUARANTINE,
  QuarantineWriter,
  safeName,
  type PartEntry,
  type RefusedDocument,
  type TablePart,
} from "@firebreak/archive";
import type { Destination } from "../parts/document-sender.ts";

/** The place for documents that a target refuses. */
export interface QuarantinePlace {
  readonly work: string;
  readonly server: string;
  /** The recipients of an encrypted archive; its quarantine is encrypted for them too. */
  readonly recipients: readonly string[];
}

/**
 * Collects the documents of one part that the target refused. Every change is a new file with a unique name:
 * until the ledger names this file, it names the one before. A file that no ledger names is left over from a
 * killed run.
 */
export class RefusedFile {
  readonly #writer: QuarantineWriter;

  constructor(
    { work, server, recipients }: QuarantinePlace,
    { database, collection }: Pick<Destination, "database" | "collection">,
    part: Pick<TablePart, "file">,
  ) {
    const folder = [server, database, collection].map(safeName).join("/");
    const name = basename(part.file).replace(/\..*$/, "");
    const file = `${folder}/${name}.${randomUUID()}.ndjson.zst`;
    this.#writer = new QuarantineWriter(join(work, LOAD_QUARANTINE), file, recipients);
  }

  async add(document: RefusedDocument): Promise<void> {
    await this.#writer.write(document);
  }

  /** Returns undefined if nothing was added: then there is no file. */
  async seal(): Promise<PartEntry | undefined> {
    return this.#writer.seal();
  }

  async abandon(): Promise<void> {
    await this.#writer.abandon();
  }
}
