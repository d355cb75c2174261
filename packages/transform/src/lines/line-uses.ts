import {
  LazyPart,
  type PartPlace,
  type PartEntry,
  type ReadLine,
  QuarantineWriter,
} from "@firebreak/archive";
import type { LineDecision, MappedLine, Refused } from "./line-mapper.ts";

/** The rule of lines that collapsed into their duplicate, as it appears in lists and counts. */
const COLLAPSED = "collapsed";
/** The remark of a line that goes elsewhere than the others of its part. */
const MOVED = "moved";

/** The files of set-aside and listed lines, and the remarks and rules whose lines are listed. */
export interface UsesFiles {
  readonly quarantine: PartPlace;
  readonly list: PartPlace;
  readonly listed: readonly string[];
}

/** The counts of how the lines of a part were used, and the files of set-aside and listed lines. */
export interface UsedLines {
  readonly mappedCount: number;
  readonly skippedCount: number;
  readonly collapsedCount: number;
  /** The number of uses of each rule. */
  readonly remarks: Readonly<Record<string, number>>;
  /** The number of lines in quarantine for each reason and field. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly quarantine: PartEntry | undefined;
  readonly listed: PartEntry | undefined;
}

/** Counts the uses of a part's lines, sets aside those that fail, and lists those that the plan lists. */
export class LineUses<Item> {
  readonly #place: LinesPlace;
  readonly #quarantine: QuarantinePart;
  readonly #list: LazyPart;
  readonly #listed: ReadonlySet<string>;
  readonly #elsewhere: (outputs: readonly Item[]) => string | undefined;
  readonly #remarks: Record<string, number> = {};
  readonly #reasons: Record<string, number> = {};
  #mappedCount = 0;
  #skippedCount = 0;
  #collapsedCount = 0;

  /**
   * @param elsewhere names the table or collection of a line that goes elsewhere than the others of its part.
   */
  constructor(
    place: LinesPlace,
    { quarantine, list, listed }: UsesFiles,
    elsewhere: (outputs: readonly Item[]) => string | undefined,
  ) {
    this.#place = place;
    this.#quarantine = new QuarantinePart(place, quarantine);
    this.#list = new LazyPart(list, 0);
    this.#listed = new Set(listed);
    this.#elsewhere = elsewhere;
  }

  /** Returns the outputs of a line, or none if it goes nowhere. */
  take(read: ReadLine, mapped: MappedLine<Item>, decision: LineDecision | undefined): readonly Item[] {
    // A copy that cannot be transformed for a reason of its own goes to quarantine. It must not vanish into
    // its duplicate.
    const isDecided = mapped.kind === "mapped" || decision?.kind === "quarantine";
    const use = isDecided ? (decision ?? mapped) : mapped;
    switch (use.kind) {
      case "quarantine":
        this.#setAside(read, use);
        if (mapped === use) for (const remark of mapped.remarks ?? []) this.#remark(read, remark, undefined);
        return [];
      case "skipped":
        this.#skippedCount++;
        this.#remark(read, use.by, null);
        return [];
      case "collapsed":
        this.#collapsedCount++;
        this.#remark(read, COLLAPSED, null);
        return [];
      case "mapped":
        this.#mappedCount++;
        for (const remark of use.remarks)
          this.#remark(read, remark, remark === MOVED ? this.#elsewhere(use.outputs) : undefined);
        return use.outputs;
    }
  }

  async flush(): Promise<void> {
    await this.#quarantine.flush();
    await this.#list.flush();
  }

  async seal(): Promise<UsedLines> {
    return {
      mappedCount: this.#mappedCount,
      skippedCount: this.#skippedCount,
      collapsedCount: this.#collapsedCount,
      remarks: this.#remarks,
      reasons: this.#reasons,
      quarantine: await this.#quarantine.seal(),
      listed: await this.#list.seal(),
    };
  }

  async abandon(): Promise<void> {
    await this.#quarantine.abandon();
    await this.#list.abandon();
  }

  #setAside(read: ReadLine, { reason, field }: Refused): void {
    const name = field === "" ? reason : `${reason} ${field}`;
    this.#reasons[name] = (this.#reasons[name] ?? 0) + 1;
    this.#quarantine.add(read, { reason, field });
  }

  /**
   * Counts a remark. Lists the line if the plan says so, or if its row is not among those of its part:
   * whoever looks for the line of a row has to skip it.
   *
   * @param to the place that its row went to instead; null means nowhere.
   */
  #remark({ number }: ReadLine, remark: string, to: string | null | undefined): void {
    this.#remarks[remark] = (this.#remarks[remark] ?? 0) + 1;
    if (to === undefined && !this.#listed.has(remark)) return;
    const entry = JSON.stringify({ ...placeOf(this.#place, number), rule: remark, to });
    this.#list.lines.copy(Buffer.from(`${entry}\n`, "utf8"));
    this.#list.lineCount++;
  }
}

/** The namespace and the source part of lines, as quarantine and lists name them. */
export interface LinesPlace extends PartOfChain {
  readonly namespace: string;
}

/** A part of an archive, or of a link of a chain. */
export interface PartOfChain {
  readonly part: string;
  /** The number of the delta that has the part. Missing for a full archive. */
  readonly link?: number;
  /** The numbers of the lines in that part, if not all of them are read. */
  readonly lines?: readonly number[];
}

/** Returns the place of a line. @param number counts from 1, among the lines that are read. */
function placeOf({ lines, ...place }: LinesPlace, number: number): object {
  return { ...place, line: lines?.[number - 1] ?? number };
}

/** The lines of one source part that go to quarantine, each with its reason. No file if there are none. */
export class QuarantinePart {
  readonly #place: LinesPlace;
  readonly #file: QuarantineWriter;
  readonly #waiting: (Refused & Pick<ReadLine, "line" | "number">)[] = [];

  constructor(place: LinesPlace, file: PartPlace) {
    this.#place = place;
    this.#file = new QuarantineWriter(file);
  }

  /** Adds a line, and keeps it in memory until `flush`. */
  add({ line, number }: Pick<ReadLine, "line" | "number">, { reason, field }: Refused): void {
    this.#waiting.push({ reason, field, line, number });
  }

  /** Writes the added lines. */
  async flush(): Promise<void> {
    for (const { reason, field, line, number } of this.#waiting.splice(0))
      await this.#file.writeWith({ ...placeOf(this.#place, number), reason, field }, line);
  }

  async seal(): Promise<PartEntry | undefined> {
    return this.#file.seal();
  }

  async abandon(): Promise<void> {
    await this.#file.abandon();
  }
}
