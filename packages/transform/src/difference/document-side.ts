import { join } from "node:path";
import { DOCUMENT_KEY, keyLineOf, KeySet } from "@firebreak/items";
import { LineDecoder, readLines, sha256BytesOf, type ReadLine } from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import type { LinkRows } from "./row-side.ts";
import type { Side, SideItem } from "./side.ts";

/** The documents of a collection in the links of a chain, without those that later links supersede. */
export class DocumentSide implements Side {
  readonly count: number;
  readonly #links: readonly LinkRows[];
  readonly #keys: Keys;
  #later: Promise<KeySet[]> | undefined;

  constructor(links: readonly LinkRows[], keys: Keys) {
    this.#links = links;
    this.#keys = keys;
    this.count = links.flatMap((l) => l.parts).reduce((sum, p) => sum + p.lineCount, 0);
  }

  async each(take: (item: SideItem) => void, rest: () => Promise<void>): Promise<void> {
    this.#later ??= this.#keySets();
    const sets = await this.#later;
    const decoder = new LineDecoder();
    for (const [i, { folder, parts }] of this.#links.entries()) {
      const later = sets.slice(i + 1).filter((set) => set.size > 0);
      const takeLine = (read: ReadLine): void => {
        const key = keyLineOf(read, DOCUMENT_KEY) ?? "";
        if (later.some((set) => set.has(key))) return;
        const bytes = Buffer.from(read.line, "latin1");
        decoder.out.clear();
        decoder.decode(bytes, 0, bytes.length);
        take({
          key,
          hash: sha256BytesOf(decoder.out.written()),
          keyLine: () => `${key}\n`,
          line: () => `${read.line}\n`,
        });
      };
      for (const part of parts) await readLines(join(folder, part.file), part, this.#keys, takeLine, rest);
    }
  }

  async #keySets(): Promise<KeySet[]> {
    const sets: KeySet[] = [];
    for (const { folder, keys } of this.#links) {
      const set = new KeySet();
      const add = ({ line }: ReadLine): void => void set.add(line);
      for (const part of keys)
        await readLines(join(folder, part.file), part, this.#keys, add, () => undefined);
      sets.push(set);
    }
    return sets;
  }
}
