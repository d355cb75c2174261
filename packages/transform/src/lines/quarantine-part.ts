import type { PartEntry, ReadLine } from "@firebreak/archive";
import { LazyPart, type PartPlace } from "./lazy-part.ts";
import type { Refused } from "./line-mapper.ts";

/** The bytes of a line that are written at once. */
const PIECE = 1 << 15;

/** The namespace and the source part of lines, as quarantine and lists name them. */
export interface LinesPlace {
  readonly namespace: string;
  readonly part: string;
}

/** The lines of one source part that go to quarantine, each with its reason. No file if there are none. */
export class QuarantinePart {
  readonly #place: LinesPlace;
  readonly #file: LazyPart;
  readonly #waiting: (Refused & Pick<ReadLine, "line" | "number">)[] = [];

  constructor(place: LinesPlace, file: PartPlace) {
    this.#place = place;
    this.#file = new LazyPart(file, 0);
  }

  /** Adds a line, and keeps it in memory until `flush`. */
  add({ line, number }: Pick<ReadLine, "line" | "number">, { reason, field }: Refused): void {
    this.#waiting.push({ reason, field, line, number });
  }

  /** Writes the added lines in pieces, because a line may have 100 MB. */
  async flush(): Promise<void> {
    for (const { reason, field, line, number } of this.#waiting.splice(0)) {
      const head = JSON.stringify({ ...this.#place, line: number, reason, field }).slice(0, -1);
      await this.#file.write(Buffer.from(`${head},"document":"`), 0);
      for (let at = 0; at < line.length; at += PIECE)
        await this.#file.write(escaped(line.slice(at, at + PIECE)), 0);
      await this.#file.write(Buffer.from('"}\n'), 1);
    }
  }

  async seal(): Promise<PartEntry | undefined> {
    return this.#file.seal();
  }

  async abandon(): Promise<void> {
    await this.#file.abandon();
  }
}

/** Escapes byte text for a JSON string. Only ASCII is escaped, so a piece may end inside a character. */
function escaped(text: string): Buffer {
  return Buffer.from(JSON.stringify(text).slice(1, -1), "latin1");
}
