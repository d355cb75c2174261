const INITIAL_BYTES = 1 << 20;

/**
 * A growing buffer of bytes with a write position, kept between documents so
 * that encoding one allocates nothing. Callers reserve first, then write into
 * `bytes` at `at` themselves: a bounds check per byte would cost a third of
 * the encoder's speed.
 */
export class LineBuffer {
  bytes: Buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  at = 0;

  /** Makes room for `count` more bytes; `bytes` may be another buffer afterwards. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + count));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }

  /** Writes a fixed short text: a loop, for a native call costs more than twenty bytes. */
  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    const into = this.bytes;
    let { at } = this;
    for (let i = 0; i < bytes.length; i++) into[at++] = bytes[i]!;
    this.at = at;
  }

  /** Writes ASCII, or byte text. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.bytes.write(text, this.at, "latin1");
    this.at += text.length;
  }

  /** The bytes written so far: a view, valid until the next write or clear. */
  written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /** Empties it, and lets go of what one huge line made it grow to. */
  clear(): void {
    this.at = 0;
    if (this.bytes.length > 8 * INITIAL_BYTES) this.bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  }
}

/** Fixed ASCII text as bytes, for `put`. */
export function token(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
