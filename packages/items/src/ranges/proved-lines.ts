import { LineBuffer, LineProof } from "@firebreak/archive";
import type { ItemLines } from "./part-sequence.ts";

/**
 * Passes on lines that come from other parts or from scratch files: each is decoded before it is sealed
 * again.
 *
 * @param place returns the part that the current line goes to and its number there, for errors.
 * @throws {FirebreakError} `line-unproved` from `write`.
 */
export function provedLines<Line extends string | Buffer>(
  place: () => { file: string; line: number },
): ItemLines<Line> {
  const out = new LineBuffer();
  const proof = new LineProof();
  const write = (line: Line): readonly [] => {
    const start = out.at;
    if (typeof line === "string") out.ascii(line);
    else {
      out.reserve(line.length);
      out.at += line.copy(out.bytes, out.at);
    }
    proof.prove(out.bytes, start, out.at, place);
    return [];
  };
  return { out, write, isHuge: () => false };
}
