import type { PartEntry, ReadLine } from "@firebreak/archive";
import type { LazyPart } from "../lazy-part.ts";
import type { ProfileMapped } from "../profile.ts";
import type { QuarantinePart } from "../quarantine-part.ts";
import type { TwinFate } from "./find-twins.ts";

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

/** The origin of a part's lines, as quarantine and lists name it. */
interface Place {
  readonly namespace: string;
  readonly part: string;
}

/** The rule of lines that collapsed into their twin, as it appears in lists and counts. */
const COLLAPSED = "collapsed";
/** The remark of a line that goes elsewhere than the others of its part. */
const MOVED = "moved";

/** Names the table or collection of a line that goes elsewhere than the others of its part. */
export type NameElsewhere<Output> = (outputs: readonly Output[]) => string | undefined;

/** Counts the uses of a part's lines, sets aside those that fail, and lists those that the plan lists. */
export class LineUses<Output> {
  readonly #place: Place;
  readonly #quarantine: QuarantinePart;
  readonly #list: LazyPart;
  readonly #listed: ReadonlySet<string>;
  readonly #elsewhere: NameElsewhere<Output>;
  readonly #remarks: Record<string, number> = {};
  readonly #reasons: Record<string, number> = {};
  readonly #listing: string[] = [];
  #mappedCount = 0;
  #skippedCount = 0;
  #collapsedCount = 0;

  constructor(
    place: Place,
    parts: { quarantine: QuarantinePart; list: LazyPart },
    listed: ReadonlySet<string>,
    elsewhere: NameElsewhere<Output>,
  ) {
    this.#place = place;
    this.#quarantine = parts.quarantine;
    this.#list = parts.list;
    this.#listed = listed;
    this.#elsewhere = elsewhere;
  }

  /** Returns the outputs of a line, or none if it goes nowhere. */
  take(read: ReadLine, mapped: ProfileMapped<Output>, fate: TwinFate | undefined): readonly Output[] {
    // A copy that cannot be transformed for a reason of its own goes to quarantine. It must not vanish into
    // its twin.
    const isSettled = mapped.kind === "mapped" || fate?.kind === "quarantine";
    const settled = isSettled ? (fate ?? mapped) : mapped;
    switch (settled.kind) {
      case "quarantine":
        this.#setAsideLine(read, settled.reason, settled.field);
        return [];
      case "skipped":
        this.#skippedCount++;
        this.#remark(read, settled.by, null);
        return [];
      case "collapsed":
        this.#collapsedCount++;
        this.#remark(read, COLLAPSED, null);
        return [];
      case "mapped":
        this.#mappedCount++;
        for (const remark of settled.remarks)
          this.#remark(read, remark, remark === MOVED ? this.#elsewhere(settled.outputs) : undefined);
        return settled.outputs;
    }
  }

  async flush(): Promise<void> {
    await this.#quarantine.flush();
    const listing = this.#listing.splice(0);
    if (listing.length > 0) await this.#list.write(Buffer.from(listing.join(""), "utf8"), listing.length);
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

  #setAsideLine(read: ReadLine, reason: string, field: string): void {
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
    this.#listing.push(`${JSON.stringify({ ...this.#place, line: number, rule: remark, to })}\n`);
  }
}
