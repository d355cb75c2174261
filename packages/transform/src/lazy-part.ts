import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { diskFault, PartWriter, type PartEntry } from "@firebreak/archive";

/** A part that is begun with its first line: what has no lines has no file. */
export class LazyPart {
  readonly #folder: string;
  readonly #file: string;
  readonly #recipients: readonly string[];
  #writer: PartWriter | undefined;
  #lineCount = 0;

  constructor(folder: string, file: string, recipients: readonly string[]) {
    this.#folder = folder;
    this.#file = file;
    this.#recipients = recipients;
  }

  async write(bytes: Buffer, lineCount: number): Promise<void> {
    if (this.#writer === undefined) {
      const path = join(this.#folder, this.#file);
      await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
        throw diskFault(error, path);
      });
      this.#writer = await PartWriter.open(path, this.#recipients);
    }
    this.#lineCount += lineCount;
    await this.#writer.write(bytes);
  }

  async seal(): Promise<PartEntry | undefined> {
    if (this.#writer === undefined) return undefined;
    return { file: this.#file, ...(await this.#writer.seal()), lineCount: this.#lineCount };
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }
}
