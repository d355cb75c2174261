import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AGE_SUFFIX, diskFault, PartWriter, type PartEntry } from "@firebreak/archive";
import { csvRow } from "@firebreak/mysql-format";
import type { Cells } from "../rows/expected-row.ts";

/** A part of CSV that begins with its first row, so that no file exists if there are no rows. */
export class CsvPart {
  readonly #folder: string;
  readonly #file: string;
  readonly #recipients: readonly string[];
  #writer: PartWriter | undefined;

  constructor(folder: string, file: string, recipients: readonly string[]) {
    this.#folder = folder;
    this.#file = recipients.length === 0 ? file : `${file}${AGE_SUFFIX}`;
    this.#recipients = recipients;
  }

  async add(cells: Cells): Promise<void> {
    this.#writer ??= await this.#begin();
    await this.#writer.write(Buffer.from(csvRow(cells), "latin1"), 1);
  }

  async seal(): Promise<PartEntry | undefined> {
    if (this.#writer === undefined) return undefined;
    return { file: this.#file, ...(await this.#writer.seal()) };
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }

  async #begin(): Promise<PartWriter> {
    const path = join(this.#folder, this.#file);
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw diskFault(error, path);
    });
    return PartWriter.open(path, this.#recipients);
  }
}
