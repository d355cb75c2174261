import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import {
  LOAD_QUARANTINE,
  RefusedLinesWriter,
  safeName,
  type PartEntry,
  type RefusedDocument,
  type TablePart,
} from "@firebreak/archive";
import type { Destination } from "./document-sender.ts";

/** Where what a target refuses goes. */
export interface QuarantinePlace {
  readonly work: string;
  readonly server: string;
  /** Of an encrypted archive: what is set aside of it is encrypted too. */
  readonly recipients: readonly string[];
}

/**
 * Takes the documents of one part that the target refused. Every change is a new
 * file, of a name that no other has: until the ledger names this one it names the
 * one before. A file that no ledger names is what a killed run left.
 */
export class RefusedFile {
  readonly #place: QuarantinePlace;
  readonly #file: string;
  #writer: RefusedLinesWriter | undefined;

  constructor(
    place: QuarantinePlace,
    { database, collection }: Pick<Destination, "database" | "collection">,
    part: Pick<TablePart, "file">,
  ) {
    this.#place = place;
    const folder = [place.server, database, collection].map(safeName).join("/");
    const name = basename(part.file).replace(/\..*$/, "");
    this.#file = `${folder}/${name}.${randomUUID()}.ndjson.zst`;
  }

  async add(document: RefusedDocument): Promise<void> {
    const { work, recipients } = this.#place;
    this.#writer ??= await RefusedLinesWriter.open(join(work, LOAD_QUARANTINE), this.#file, recipients);
    await this.#writer.write(document);
  }

  /** Undefined where nothing was added: then there is no file. */
  async seal(): Promise<PartEntry | undefined> {
    return this.#writer?.seal();
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }
}
