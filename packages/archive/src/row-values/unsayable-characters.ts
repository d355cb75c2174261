/** Characters that their own set holds and UTF-8 does not give back: the bytes as the server keeps them. */
export class UnsayableCharacters {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** A value as a server sends it: the bytes of its text, or of the value itself where the form is binary. */
export type ServerCell = Buffer | UnsayableCharacters | null;
