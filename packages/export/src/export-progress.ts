import { join } from "node:path";
import {
  MANIFEST,
  ProgressLog,
  writeDurably,
  type SourceNamespace,
  type FileEntry,
  type PartEntry,
  type SourceManifest,
} from "@firebreak/archive";
import type { ClusterTime, KeyRange } from "@firebreak/mongodb";
import type { RowRange } from "@firebreak/mysql";
import type { RepeatedIds } from "./dump-ids.ts";
import { exportFault } from "./export-faults.ts";
import { PROGRESS_FILE, refuseTaken } from "./refuse-taken.ts";
import type { UnreadTable } from "./unread-tables.ts";

/** What an export was asked for besides its source. */
export interface ExportSettings {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly partMib: number;
  /** For whom it is encrypted: age recipients; none for an archive in clear. */
  readonly recipients: readonly string[];
  /** Whether it is encrypted with a passphrase instead. */
  readonly hasPassphrase: boolean;
  /** Whether an encrypted archive shows the names of databases and collections. */
  readonly hasClearNames: boolean;
}

/** What of the source a run that goes on must be told again; a server may have moved to another URL. */
export interface SourceSettings {
  readonly source: SourceManifest["source"]["kind"];
  readonly dump?: string;
  readonly skipsOplog?: boolean;
  /** What tells this dump from another that was put in its place, and a moment of a server from another. */
  readonly state?: string;
}

type AllSettings = ExportSettings & SourceSettings;
/** The settings that must be the same for a run that goes on, by the flags that people know them by. */
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

/** Where one collection goes. */
export interface CollectionPlan {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly kind: SourceNamespace["kind"];
  readonly directory: string;
  readonly metadata: FileEntry;
  readonly hasMemberNumbers?: true;
  /** Only of a source that is read in key ranges. */
  readonly ranges?: RangeSize;
}

/** How a collection is cut into key ranges; kept, since on a moving source a second look would cut it differently. */
export interface RangeSize {
  readonly rangeDocuments: number;
  readonly averageBytes: number;
}

/** A range as its source planned it: of documents, or of rows. */
export type PlannedRange = KeyRange | RowRange;

export interface FinishedRange {
  readonly namespace: string;
  readonly index: number;
  readonly documentCount: number;
  readonly parts: readonly PartEntry[];
  /** Of a collection of a dump: documents whose `_id` an earlier one has. */
  readonly repeated?: RepeatedIds;
  /** Of rows: how many JSON documents of a column have values that their text does not tell. */
  readonly untold?: readonly (readonly [column: string, count: number])[];
}

/** An export that was brought to one moment: what the manifest is to say in place of what was read. */
export interface ClosedExport {
  readonly watermark: ClusterTime;
  readonly namespaces: readonly SourceNamespace[];
  /** Files that are yet to be put in place, unless they were: relative to the archive. */
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

/** What is known of an unfinished export: from the log at first, then kept up by the run itself. */
export class ExportProgress {
  readonly startedAt: string;
  readonly isResumed: boolean;
  /** Whether an earlier run's work was given up, for its source is no longer what it was. */
  readonly isBegunAgain: boolean;
  /** The cluster time before the first read of the first run; missing where the source has none. */
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
   * Opens the progress of an archive, new or left by a run that was cut off.
   *
   * @throws {FirebreakError} `archive-exists`, `archive-folder-taken` or `export-settings-changed`.
   */
  static async open(archive: string, settings: AllSettings): Promise<ExportProgress> {
    const found = await refuseTaken(archive);
    const { log, entries } = await ProgressLog.open<ProgressEntry>(join(archive, PROGRESS_FILE));
    const [begin] = entries;
    if (begin?.kind === "begin") {
      for (const [setting, flag] of Object.entries(FLAGS) as [keyof typeof FLAGS, string][]) {
        const before = JSON.stringify(begin.settings[setting]) ?? "not set";
        const now = JSON.stringify(settings[setting]) ?? "not set";
        if (before !== now) throw exportFault("export-settings-changed", { archive, flag, before, now });
      }
      // A dump that was written or copied again may be another; an archive that is whole is the first one's.
      const isSameSource = begin.settings.state === settings.state || found.includes(MANIFEST);
      if (isSameSource) return new ExportProgress(log, entries, begin.startedAt);
    }
    await log.close();
    return ExportProgress.#begin(archive, settings, begin !== undefined);
  }

  /** The log is replaced whole: a folder that was begun always has one, or no later run would go near it. */
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

  /** Of all collections, also those that are no longer at the source, sorted by namespace; without tables that cannot be read. */
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

  /** The ranges planned so far, in order. */
  ranges(namespace: string): readonly PlannedRange[] {
    return this.#ranges.get(namespace) ?? [];
  }

  finished(namespace: string, index: number): FinishedRange | undefined {
    return this.#finished.get(namespace)?.get(index);
  }

  /** All finished ranges of a namespace, in the order of their keys. */
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
