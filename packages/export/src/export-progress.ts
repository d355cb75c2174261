import { join } from "node:path";
import {
  MANIFEST,
  ProgressLog,
  writeDurably,
  type SourceNamespace,
  type FileEntry,
  type PartEntry,
  entriesOf,
} from "@firebreak/archive";
import type { ClusterTime, KeyRange } from "@firebreak/mongodb";
import type { RowRange } from "@firebreak/mysql";
import type { RepeatedIds } from "./dump/dump-ids.ts";
import { exportFault } from "./export-faults.ts";
import { PROGRESS_FILE, refuseTaken } from "./refuse-taken.ts";
import type { ExportSettings, SourceSettings } from "./export-settings.ts";

type AllSettings = ExportSettings & SourceSettings;
/** The flags of the settings that a resumed run must repeat unchanged. */
const FLAGS: Readonly<Record<Exclude<keyof AllSettings, "state">, string>> = {
  source: "source",
  dump: "dump",
  skipsOplog: "no-oplog",
  include: "include",
  exclude: "exclude",
  partMib: "part-mib",
  recipients: "recipient",
  hasPassphrase: "passphrase-file",
  hasClearNames: "clear-names",
};

/** The place of one collection in the archive. */
export interface CollectionPlan {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly kind: SourceNamespace["kind"];
  readonly directory: string;
  readonly metadata: FileEntry;
  readonly hasMemberNumbers?: true;
  /** Present only if the source is read in key ranges. */
  readonly ranges?: RangeSize;
}

/**
 * The size of a collection's key ranges. It is kept, since a second look at a moving source would cut the
 * ranges differently.
 */
export interface RangeSize {
  readonly rangeDocuments: number;
  readonly averageBytes: number;
}

/** A range of documents or rows, as its source planned it. */
export type PlannedRange = KeyRange | RowRange;

export interface FinishedRange {
  readonly namespace: string;
  readonly index: number;
  readonly documentCount: number;
  readonly parts: readonly PartEntry[];
  /** In a collection of a dump: the documents whose `_id` an earlier document has. */
  readonly repeated?: RepeatedIds;
  /** In rows: the number of JSON documents, by column, with values that their text does not tell. */
  readonly untold?: readonly (readonly [column: string, count: number])[];
}

/** An export that was brought to one moment. The manifest lists this in place of what was read. */
export interface ClosedExport {
  readonly watermark: ClusterTime;
  readonly namespaces: readonly SourceNamespace[];
  /** Files that may still have to be moved to their place; paths relative to the archive. */
  readonly moves: readonly { readonly from: string; readonly to: string }[];
}

export type ProgressEntry =
  | { readonly kind: "begin"; readonly settings: AllSettings; readonly startedAt: string }
  | { readonly kind: "watermark"; readonly time: ClusterTime }
  | { readonly kind: "collection"; readonly plan: CollectionPlan }
  | { readonly kind: "planned"; readonly namespace: string; readonly range: PlannedRange }
  | { readonly kind: "finished"; readonly range: FinishedRange }
  | { readonly kind: "unread"; readonly table: UnreadTable }
  | { readonly kind: "closed"; readonly closed: ClosedExport };

/** The state of an unfinished export. The log gives it at first, then the run itself keeps it up to date. */
export class ExportProgress {
  readonly startedAt: string;
  readonly isResumed: boolean;
  /** True if the work of an earlier run was discarded because its source has changed. */
  readonly isBegunAgain: boolean;
  /** The cluster time before the first read of the first run; undefined if the source has none. */
  watermark: ClusterTime | undefined;
  closed: ClosedExport | undefined;
  readonly #log: ProgressLog<ProgressEntry>;
  readonly #plans = new Map<string, CollectionPlan>();
  readonly #ranges = new Map<string, PlannedRange[]>();
  readonly #finished = new Map<string, Map<number, FinishedRange>>();
  readonly #unread = new Map<string, UnreadTable>();

  private constructor(
    log: ProgressLog<ProgressEntry>,
    entries: readonly ProgressEntry[],
    startedAt: string,
    isBegunAgain = false,
  ) {
    this.#log = log;
    this.isBegunAgain = isBegunAgain;
    this.startedAt = startedAt;
    this.isResumed = entries.length > 0;
    for (const entry of entries) this.#take(entry);
  }

  /**
   * Opens the progress of an archive: new, or left by a run that was cut off.
   *
   * @throws {FirebreakError} `archive-exists`, `archive-folder-taken` or `export-settings-changed`.
   */
  static async open(archive: string, settings: AllSettings): Promise<ExportProgress> {
    const found = await refuseTaken(archive);
    const { log, entries } = await ProgressLog.open<ProgressEntry>(join(archive, PROGRESS_FILE));
    const [begin] = entries;
    if (begin?.kind === "begin") {
      for (const [setting, flag] of entriesOf(FLAGS)) {
        const before = JSON.stringify(begin.settings[setting]) ?? "not set";
        const now = JSON.stringify(settings[setting]) ?? "not set";
        if (before !== now) throw exportFault("export-settings-changed", { archive, flag, before, now });
      }
      // A dump that was written or copied again may be another one. A complete archive is of the first.
      const isSameSource = begin.settings.state === settings.state || found.includes(MANIFEST);
      if (isSameSource) return new ExportProgress(log, entries, begin.startedAt);
    }
    await log.close();
    return ExportProgress.#begin(archive, settings, begin !== undefined);
  }

  /** Replaces the log as a whole: a folder without a log would be refused by every later run. */
  static async #begin(
    archive: string,
    settings: AllSettings,
    isBegunAgain: boolean,
  ): Promise<ExportProgress> {
    const file = join(archive, PROGRESS_FILE);
    const startedAt = new Date().toISOString();
    const begin: ProgressEntry = { kind: "begin", settings, startedAt };
    await writeDurably(file, `${JSON.stringify(begin)}\n`);
    const { log } = await ProgressLog.open<ProgressEntry>(file);
    return new ExportProgress(log, [], startedAt, isBegunAgain);
  }

  async add(entry: ProgressEntry): Promise<void> {
    this.#take(entry);
    await this.#log.append(entry);
  }

  /**
   * Returns the plans of all collections, sorted by namespace. Collections that the source no longer has are
   * included; tables that cannot be read are not.
   */
  get plans(): CollectionPlan[] {
    return [...this.#plans.values()]
      .filter((p) => !this.#unread.has(p.namespace))
      .sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  get unread(): UnreadTable[] {
    return [...this.#unread.values()];
  }

  isUnread(namespace: string): boolean {
    return this.#unread.has(namespace);
  }

  plan(namespace: string): CollectionPlan | undefined {
    return this.#plans.get(namespace);
  }

  /** Returns the ranges planned so far, in order. */
  ranges(namespace: string): readonly PlannedRange[] {
    return this.#ranges.get(namespace) ?? [];
  }

  finished(namespace: string, index: number): FinishedRange | undefined {
    return this.#finished.get(namespace)?.get(index);
  }

  /** Returns all finished ranges of a namespace, in the order of their keys. */
  allFinished(namespace: string): FinishedRange[] {
    return [...(this.#finished.get(namespace)?.values() ?? [])].sort((a, b) => a.index - b.index);
  }

  async close(): Promise<void> {
    await this.#log.close();
  }

  #take(entry: ProgressEntry): void {
    switch (entry.kind) {
      case "begin":
        break;
      case "watermark":
        this.watermark = entry.time;
        break;
      case "unread":
        this.#unread.set(entry.table.namespace, entry.table);
        break;
      case "closed":
        this.closed = entry.closed;
        break;
      case "collection":
        this.#plans.set(entry.plan.namespace, entry.plan);
        break;
      case "planned":
        this.#ranges.set(entry.namespace, [...this.ranges(entry.namespace), entry.range]);
        break;
      case "finished": {
        const { namespace, index } = entry.range;
        const ranges = this.#finished.get(namespace) ?? new Map<number, FinishedRange>();
        this.#finished.set(namespace, ranges.set(index, entry.range));
        break;
      }
    }
  }
}

/** A table that the server began to send, but could not send to its end. */
export interface UnreadTable {
  readonly namespace: string;
  readonly database: string;
  readonly name: string;
  /** The server's message. */
  readonly reason: string;
}
