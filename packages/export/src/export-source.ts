import type { LeftOut, MadeDatabase, SourceManifest, SourceNamespace, StepEvent } from "@firebreak/archive";
import type { ClusterTime } from "@firebreak/mongodb";
import type { DeltaSource } from "./delta/delta-source.ts";
import type { Destination } from "./plan-collection.ts";
import type { ExportProgress, SourceSettings } from "./export-progress.ts";
import type { TaskPool } from "./task-pool.ts";
import type { UnreadTable } from "./unread-tables.ts";

/** Where an export reads from: all in which one kind of source differs from another. Close it when done. */
export interface ExportSource<Task = unknown> {
  /** What a later run that goes on must be told of the source again. */
  readonly settings: SourceSettings;
  /** For messages: hosts or a path, never with a password. */
  readonly place: string;
  /** The server that the documents come from, for the manifest's facts of the run. */
  readonly server: string | undefined;
  /** The moment that everything is of, as the source names it. */
  readonly position: string | undefined;
  readonly consistency: SourceManifest["consistency"];
  /** A moment of a replica set that all reads come after: a delta by change stream goes on there. */
  readonly watermark: ClusterTime | undefined;
  /** Those that the filter lets through, sorted by namespace. */
  readonly collections: readonly Pick<SourceNamespace, "namespace">[];
  /** What the filter lets through, and is left out all the same. */
  readonly leftOut: readonly LeftOut[];
  /** All names that an include glob may take, whatever the filter says. */
  allNames(): Promise<readonly string[]>;
  /** What each database has besides, as the content of its file. */
  readonly databases: readonly { readonly database: string; readonly text: string }[];
  /** What databases have, or may have, that the archive will not have. */
  readonly notCarried?: readonly MadeDatabase[];
  /** The two before, where tables could not be read to their end. */
  readonly withUnread?: (
    unread: readonly UnreadTable[],
  ) => Pick<ExportSource, "databases"> & Required<Pick<ExportSource, "notCarried">>;
  /** What a person should know before it begins. */
  readonly notes: readonly Note[];

  /** What is said where an earlier run's work is given up, for the source is no longer what it was. */
  readonly changedNote: Note | undefined;

  /** Threads that carry out tasks; the caller closes them. Asked for once. */
  pool(jobs: number): TaskPool<Task>;

  /**
   * What is still to be done, as it is planned. Every collection has a plan in
   * `progress` when the first task comes, or at the end where there is none.
   *
   * @param expect is told of the documents that collections are said to have.
   */
  tasks(
    options: TaskOptions,
    progress: ExportProgress,
    expect: (documents: number) => void,
  ): AsyncIterable<Task>;

  /**
   * Finds what changed since a moment, where the source can show all of it as of a
   * later one; undefined where it cannot. It is not to be closed.
   */
  readonly changes: ((since: ClusterTime) => Promise<Pick<DeltaSource, "write">>) | undefined;

  /** What a second look at the source says of what was read; nothing where it cannot have changed. */
  lookAgain(
    read: readonly ReadCount[],
    options: Pick<TaskOptions, "giveUpAfterMs">,
  ): AsyncIterable<Note> | Iterable<Note>;

  /** The namespaces that some databases have now; undefined where what was there at the beginning cannot go. */
  readonly namesNow?: (
    databases: readonly string[],
    options: Pick<TaskOptions, "giveUpAfterMs">,
  ) => Promise<string[]>;

  close(): Promise<void>;
}

/** How many documents were read of a namespace. */
export type ReadCount = Pick<
  SourceNamespace,
  "namespace" | "database" | "collection" | "kind" | "documentCount"
>;

/** Where tasks write, and how large a part becomes. */
export interface TaskOptions extends Destination {
  readonly partMib: number;
  /** How long a server may fail without a success in between. */
  readonly giveUpAfterMs: number;
}

export type Note = Extract<StepEvent, { kind: "note" }>;
