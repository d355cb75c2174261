import { LineDecoder } from "../reading/decode-line.ts";
import { LineEncoder, writeRawLine } from "./encode-line.ts";
import type { LineBuffer } from "../line-buffer.ts";
import { archiveReason } from "../../archive-faults.ts";
import { ReasonError } from "../../reasons.ts";

/**
 * Writes documents as lines and proves each on the spot: it decodes the line again and compares it with its
 * document, byte for byte. If the line does not give its document back, the raw line replaces it, which holds
 * the bytes themselves.
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
   * Appends the line, without its newline, of the document of `length` bytes at `start`.
   *
   * @throws Error for bytes whose first four give another length: they have no line. `out` is then as before.
   */
  write(source: Buffer, start: number, length: number): void {
    const { out } = this;
    const from = out.at;
    if (this.#isEncoded(source, start, length)) return;
    out.at = from;
    writeRawLine(out, source, start, start + length);
    if (this.#isProved(from, source, start, length)) return;
    out.at = from;
    throw new ReasonError(archiveReason("document-malformed", { bytes: length }));
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

  /** Returns true if the line that begins at `from` decodes to the document. */
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
