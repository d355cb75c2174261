/** Small, because a delta has hundreds of small parts, each with a buffer of its own. */
const INITIAL_BYTES = 1 << 16;
/** A buffer that has grown beyond this size is released when it is emptied. */
const KEPT_BYTES = 8 << 20;
/**
 * The size of a buffer that outgrows `KEPT_BYTES`: the longest line of a document of 16 MiB. Pages without
 * writes take no memory, whereas doubling would hold the old buffer beside the new one.
 */
const HUGE_BYTES = 128 << 20;
/** Up to this many letters a loop is faster than a native call. */
const FEW = 40;
const HEX_DIGITS = Buffer.from("0123456789abcdef", "latin1");

/**
 * A growing buffer of bytes with a write position. It is kept between documents, so that encoding one
 * allocates nothing. Callers reserve first, then write into `bytes` at `at` themselves: a bounds check per
 * byte would cost a third of the encoder's speed.
 */
export class LineBuffer {
  bytes: Buffer<ArrayBuffer>;
  at = 0;
  /** True if all strings written since the caller last set it were ASCII. */
  isAscii = true;

  constructor(initialBytes = INITIAL_BYTES) {
    this.bytes = Buffer.allocUnsafeSlow(initialBytes);
  }

  /** Makes room for `count` more bytes; `bytes` may be another buffer afterwards. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const length = Math.max(this.bytes.length * 2, this.at + count);
    const grown = Buffer.allocUnsafeSlow(length > KEPT_BYTES ? Math.max(length, HUGE_BYTES) : length);
    this.bytes.copy(grown, 0, 0, this.at);
    this.#replace(grown);
  }

  /** Writes a fixed short text by a loop, because a native call costs more than twenty bytes. */
  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    const into = this.bytes;
    let { at } = this;
    for (let i = 0; i < bytes.length; i++) into[at++] = bytes[i]!;
    this.at = at;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  /** Writes bytes of the source in lower-case hexadecimal. */
  hex(source: Uint8Array, start: number, end: number): void {
    this.reserve((end - start) * 2);
    const { bytes } = this;
    let { at } = this;
    for (let i = start; i < end; i++) {
      const byte = source[i]!;
      bytes[at++] = HEX_DIGITS[byte >> 4]!;
      bytes[at++] = HEX_DIGITS[byte & 15]!;
    }
    this.at = at;
  }

  /** Writes the low 32 bits of a whole number, little-endian. */
  int32(value: number): void {
    this.reserve(4);
    this.int32At(this.at, value);
    this.at += 4;
  }

  /** Writes over four bytes that were written before. */
  int32At(at: number, value: number): void {
    const { bytes } = this;
    bytes[at] = value;
    bytes[at + 1] = value >> 8;
    bytes[at + 2] = value >> 16;
    bytes[at + 3] = value >> 24;
  }

  /** Writes ASCII, or byte text. */
  ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    if (length > FEW) this.bytes.write(text, this.at, "latin1");
    else for (let i = 0; i < length; i++) this.bytes[this.at + i] = text.charCodeAt(i);
    this.at += length;
  }

  /** Writes bytes by a native call. */
  copy(source: Buffer): void {
    this.reserve(source.length);
    source.copy(this.bytes, this.at);
    this.at += source.length;
  }

  /** Returns the bytes written so far, which the caller owns from now on, and empties the buffer. */
  detach(): Buffer {
    const written = this.written();
    this.bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    this.at = 0;
    return written;
  }

  /** Returns the bytes written so far: a view, valid until the next write or clear. */
  written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /**
   * Empties the buffer. If a huge line made it grow, the memory is released at once, and views of it become
   * empty.
   */
  clear(): void {
    this.at = 0;
    if (this.bytes.length > KEPT_BYTES) this.#replace(Buffer.allocUnsafeSlow(INITIAL_BYTES));
  }

  #replace(bytes: Buffer<ArrayBuffer>): void {
    // As garbage it would stay until the collector comes, and huge lines would add up. Small buffers are left
    // to the collector: after a buffer was freed by hand, V8 checks for that at every byte.
    if (this.bytes.length > KEPT_BYTES) this.bytes.buffer.transfer(0);
    this.bytes = bytes;
  }
}

/** Returns fixed ASCII text as bytes, for `put`. */
export function token(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
