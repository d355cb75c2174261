/** Characters of a character set that UTF-8 does not give back: the bytes as the server stores them. */
export class UnsayableCharacters {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** A value as a server sends it: the bytes of its text, or in binary form of the value itself. */
export type ServerCell = Buffer | UnsayableCharacters | null;
