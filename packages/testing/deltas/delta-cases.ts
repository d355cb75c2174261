import { Int32 } from "bson";
import type { Document } from "mongodb";
import type { Cells } from "./hand-made-chain.ts";

/** Three collections of a few documents each. */
export const collections = {
  things: Array.from({ length: 100 }, (_, n): Document => ({
    _id: new Int32(n + 1),
    name: `thing ${n + 1}`,
  })),
  words: ["a", "A", "á", "ß", "😀"].map((word, n): Document => ({ _id: word, n: new Int32(n) })),
  doomed: [{ _id: new Int32(1), n: new Int32(1) }],
};

/** A row of the table that `things` becomes. */
export function thing(id: number, name: string): Cells {
  return [String(id), name];
}
