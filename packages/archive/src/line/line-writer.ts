import { LineDecoder } from "./decode-line.ts";
import { LineEncoder } from "./encode-line.ts";
import type { LineBuffer } from "./line-buffer.ts";
import { writeRawLine } from "./write-raw-line.ts";

/**
 * Writes documents as lines that are proved on the spot: each is decoded again
 * and compared with its document, byte for byte. One that does not give its
 * document back is replaced by the raw line, which holds the bytes themselves.
 */
export class LineWriter {
  readonly out: LineBuffer;
  readonly #encoder: LineEncoder;
  readonly #decoder = new LineDecoder();

  constructor(encoder: LineEncoder = new LineEncoder()) {
    this.#encoder = encoder;
    this.out = encoder.out;
  }

  /**
   * Appends the line, without its newline, of the document at `start` of `length` bytes.
   *
   * @throws Error for bytes that say of themselves that they are longer or shorter: no line
   * stands for those. `out` is as before then.
   */
  write(source: Buffer, start: number, length: number): void {
    const { out } = this;
    const from = out.at;
    if (this.#isEncoded(source, start, length)) return;
    out.at = from;
    writeRawLine(out, source, start, start + length);
    if (this.#isProved(from, source, start, length)) return;
    out.at = from;
    throw new Error(`${length} bytes that are no document have no line`);
  }

  #isEncoded(source: Buffer, start: number, length: number): boolean {
    const from = this.out.at;
    try {
      this.#encoder.encode(source, start, length);
    } catch {
      return false;
    }
    return this.#isProved(from, source, start, length);
  }

  /** Whether the line from `from` on stands for the document. */
  #isProved(from: number, source: Buffer, start: number, length: number): boolean {
    const { out } = this.#decoder;
    try {
      this.#decoder.decode(this.out.bytes, from, this.out.at);
      return source.compare(out.bytes, 0, out.at, start, start + length) === 0;
    } catch {
      return false;
    } finally {
      out.clear();
    }
  }
}
