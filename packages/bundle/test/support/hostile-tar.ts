const BLOCK_BYTES = 512;

/** A tar member as somebody with bad intentions, or another tool, would write it. */
export interface HandMade {
  readonly name: string;
  readonly content?: string;
  /** The byte that says what it is: `0` a file, `1` and `2` links, `5` a folder, `x` an extended header, … */
  readonly kind?: string;
  readonly linkName?: string;
  /** Said in the head instead of the content's real size. */
  readonly bytes?: number;
}

/** A tar file of these members, made byte by byte (POSIX.1-2017, pax: ustar interchange format). */
export function handMadeTar(members: readonly HandMade[]): Buffer {
  return Buffer.concat([...members.flatMap(blocks), Buffer.alloc(2 * BLOCK_BYTES)]);
}

/** An extended header that gives the next member another name. */
export function paxName(name: string): HandMade {
  const rest = ` path=${name}\n`;
  let length = Buffer.byteLength(rest);
  while (length !== Buffer.byteLength(`${length}${rest}`)) length++;
  return { name: "PaxHeader/x", kind: "x", content: `${length}${rest}` };
}

function blocks({ name, content = "", kind = "0", linkName = "", bytes }: HandMade): Buffer[] {
  const body = Buffer.from(content);
  const head = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;
  head.write(name, 0, 100);
  head.write(octal(0o644, 7), 100);
  head.write(octal(0, 7), 108);
  head.write(octal(0, 7), 116);
  head.write(octal(bytes ?? body.length, 11), 124);
  head.write(octal(0, 11), 136);
  head.write(" ".repeat(8), 148);
  head.write(kind, 156);
  head.write(linkName, 157, 100);
  head.write("ustar\x0000", 257);
  const sum = head.reduce((a, b) => a + b, 0);
  head.write(`${octal(sum, 6)} `, 148);
  return [head, body, Buffer.alloc((BLOCK_BYTES - (body.length % BLOCK_BYTES)) % BLOCK_BYTES)];
}
