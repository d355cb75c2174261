import { join } from "node:path";
import { LineBuffer, LineProof, type PartEntry, PartWriter, AGE_SUFFIX } from "@firebreak/archive";

/** Bytes of lines gathered before they go to the part. */
export const FLUSH_BYTES: number = 512 * 1024;
const NEWLINE = 0x0a;

/** The place of a namespace's parts, with their size and encryption. */
export interface PartsTarget {
  readonly out: string;
  readonly directory: string;
  /** age recipients of the parts; none for parts in clear. */
  readonly recipients: readonly string[];
  /** Bytes of plaintext at which a part ends, after the line that reaches them. */
  readonly partBytes: number;
}

/**
 * Writes lines as sealed parts, named and cut as an export does it. A part has the number of its range; if
 * the range outgrows `partBytes`, it continues in `NUMBER-001`. Each line is decoded first.
 *
 * @throws {FirebreakError} `line-unproved`, `disk-full` or `disk-failed`; the caller must then abandon it.
 */
export class RangeParts {
  readonly #target: PartsTarget;
  readonly #parts: PartEntry[] = [];
  #range = 0;
  #sequence = 0;
  #writer: PartWriter | undefined;
  readonly #gathered = new LineBuffer();
  readonly #proof = new LineProof();
  #gatheredCount = 0;
  /** Lines in the open part. */
  #lineCount = 0;

  constructor(target: PartsTarget) {
    this.#target = target;
  }

  /**
   * @param line in byte text.
   * @param range its number, never less than that of the line before.
   */
  async write(line: string, range: number): Promise<void> {
    if (range !== this.#range) {
      await this.#seal();
      this.#range = range;
      this.#sequence = 0;
    }
    this.#writer ??= await PartWriter.open(join(this.#target.out, this.#file()), this.#target.recipients);
    const { out, start } = this.#append(line);
    this.#proof.prove(out.bytes, start, out.at - 1, { file: this.#file(), line: ++this.#lineCount });
    const isFull = this.#writer.plainBytes + out.at >= this.#target.partBytes;
    if (isFull) await this.#seal();
    else if (out.at >= FLUSH_BYTES) await this.#flush(this.#writer);
  }

  async finish(): Promise<PartEntry[]> {
    await this.#seal();
    return this.#parts;
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }

  #append(line: string): { out: LineBuffer; start: number } {
    const out = this.#gathered;
    const start = out.at;
    out.ascii(line);
    out.byte(NEWLINE);
    this.#gatheredCount++;
    return { out, start };
  }

  async #flush(writer: PartWriter): Promise<void> {
    await writer.write(this.#gathered.written(), this.#gatheredCount);
    this.#gathered.clear();
    this.#gatheredCount = 0;
  }

  async #seal(): Promise<void> {
    if (this.#writer === undefined) return;
    await this.#flush(this.#writer);
    this.#parts.push({ file: this.#file(), ...(await this.#writer.seal()) });
    this.#writer = undefined;
    this.#lineCount = 0;
    this.#sequence++;
  }

  #file(): string {
    const number = String(this.#range).padStart(5, "0");
    const suffix = this.#sequence === 0 ? "" : `-${String(this.#sequence).padStart(3, "0")}`;
    const file = `${this.#target.directory}/${number}${suffix}.ndjson.zst`;
    return this.#target.recipients.length === 0 ? file : `${file}${AGE_SUFFIX}`;
  }
}
