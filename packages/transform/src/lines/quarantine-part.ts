import { QuarantineWriter, type PartPlace, type PartEntry, type ReadLine } from "@firebreak/archive";
import type { Refused } from "./line-mapper.ts";

/** The namespace and the source part of lines, as quarantine and lists name them. */
export interface LinesPlace {
  readonly namespace: string;
  readonly part: string;
}

/** The lines of one source part that go to quarantine, each with its reason. No file if there are none. */
export class QuarantinePart {
  readonly #place: LinesPlace;
  readonly #file: QuarantineWriter;
  readonly #waiting: (Refused & Pick<ReadLine, "line" | "number">)[] = [];

  constructor(place: LinesPlace, file: PartPlace) {
    this.#place = place;
    this.#file = new QuarantineWriter(file.folder, file.file, file.recipients);
  }

  /** Adds a line, and keeps it in memory until `flush`. */
  add({ line, number }: Pick<ReadLine, "line" | "number">, { reason, field }: Refused): void {
    this.#waiting.push({ reason, field, line, number });
  }

  /** Writes the added lines. */
  async flush(): Promise<void> {
    for (const { reason, field, line, number } of this.#waiting.splice(0))
      await this.#file.writeWith({ ...this.#place, line: number, reason, field }, line);
  }

  async seal(): Promise<PartEntry | undefined> {
    return this.#file.seal();
  }

  async abandon(): Promise<void> {
    await this.#file.abandon();
  }
}
