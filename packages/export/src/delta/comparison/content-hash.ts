import { createHash } from "node:crypto";
import { isSameDigest, TableDigest } from "@firebreak/items";
import { textHash } from "./range-hashes.ts";

const NEWLINE = Buffer.from("\n");

/** A hash of lines that can be compared with or without their order. */
export class ContentHash {
  readonly #ordered = createHash("sha256");
  readonly #sum = new TableDigest();
  #hex: string | undefined;

  /** @param line in byte text. */
  add(line: string): void {
    this.#ordered.update(line, "latin1").update(NEWLINE);
    this.#sum.add(textHash(line));
  }

  /** Returns true if both had the same lines. */
  equals(other: ContentHash, isOrdered: boolean): boolean {
    return isOrdered
      ? this.#orderedHex() === other.#orderedHex()
      : isSameDigest(this.#sum.toPlain(), other.#sum.toPlain());
  }

  #orderedHex(): string {
    this.#hex ??= this.#ordered.digest("hex");
    return this.#hex;
  }
}
