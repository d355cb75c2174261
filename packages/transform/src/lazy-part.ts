import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { diskFault, PartWriter, type PartEntry } from "@firebreak/archive";

/** A part that begins with its first line, so that no file exists if there are no lines. */
export class LazyPart {
  readonly #folder: string;
  readonly #file: string;
  readonly #recipients: readonly string[];
  #writer: PartWriter | undefined;

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
    await this.#writer.write(bytes, lineCount);
  }

  async seal(): Promise<PartEntry | undefined> {
    if (this.#writer === undefined) return undefined;
    return { file: this.#file, ...(await this.#writer.seal()) };
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }
}
