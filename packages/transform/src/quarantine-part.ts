import type { PartEntry, ReadLine } from "@firebreak/archive";
import { LazyPart } from "./lazy-part.ts";
import type { Keys } from "./keys.ts";

/** The bytes of a line that are written at once. */
const PIECE = 1 << 15;

/** The reason why a line is set aside, and the field to blame. */
export interface SetAside {
  readonly reason: string;
  readonly field: string;
}

/** The source part of the lines, and the file for those that are set aside. */
export interface QuarantinePlace {
  readonly namespace: string;
  /** The source's part. */
  readonly part: Pick<PartEntry, "file">;
  readonly folder: string;
  readonly quarantineFile: string;
  readonly keys: Pick<Keys, "recipients">;
}

/** The lines of one source part that go to quarantine, each with its reason. No file if there are none. */
export class QuarantinePart {
  /** The number of lines set aside, by reason. */
  readonly reasons: Record<string, number> = {};
  readonly #place: QuarantinePlace;
  readonly #file: LazyPart;
  readonly #waiting: (SetAside & Pick<ReadLine, "line" | "number">)[] = [];

  constructor(place: QuarantinePlace) {
    this.#place = place;
    this.#file = new LazyPart(place.folder, place.quarantineFile, place.keys.recipients);
  }

  /** Adds a line, and keeps it in memory until `flush`. */
  add({ line, number }: Pick<ReadLine, "line" | "number">, { reason, field }: SetAside): void {
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    this.#waiting.push({ reason, field, line, number });
  }

  /** Writes the added lines in pieces, because a line may have 100 MB. */
  async flush(): Promise<void> {
    const { namespace, part } = this.#place;
    for (const { reason, field, line, number } of this.#waiting.splice(0)) {
      const head = JSON.stringify({ namespace, part: part.file, line: number, reason, field }).slice(0, -1);
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
