import type { LeftOut, MadeDatabase, SourceManifest, SourceNamespace } from "@firebreak/archive";
import type { ClusterTime } from "@firebreak/mongodb";
import type { DeltaSource } from "./delta/delta-source.ts";
import type { Destination } from "./mongodb/plan-collection.ts";
import type { Note } from "./export-notes.ts";
import type { ExportProgress, UnreadTable } from "./export-progress.ts";
import type { SourceSettings } from "./export-settings.ts";
import type { TaskPool } from "./parts/task-pool.ts";

/** A source of an export: everything in which one kind of source differs from another. Close it when done. */
export interface ExportSource<Task = unknown> {
  /** The source settings that a resumed run must repeat. */
  readonly settings: SourceSettings;
  /** The hosts or the path, for messages; never contains a password. */
  readonly place: string;
  /** The server that the documents come from, as the manifest names it. */
  readonly server: string | undefined;
  /** The moment that all data reflects, as the source names it. */
  readonly position: string | undefined;
  readonly consistency: SourceManifest["consistency"];
  /** A moment of a replica set before all reads. A delta by change stream continues from there. */
  readonly watermark: ClusterTime | undefined;
  /** The collections that the filter includes, sorted by namespace. */
  readonly collections: readonly Pick<SourceNamespace, "namespace">[];
  /** The namespaces that the filter includes, but that are left out all the same. */
  readonly leftOut: readonly LeftOut[];
  /** Returns all names that an include glob may match, regardless of the filter. */
  allNames(): Promise<readonly string[]>;
  /** Everything that each database has besides tables or collections, as the content of its file. */
  readonly databases: readonly { readonly database: string; readonly text: string }[];
  /** True if a database has something besides tables and views, such as a routine. */
  readonly hasObjects?: boolean;
  /** Objects that the databases have, or may have, and that the archive will lack. */
  readonly notCarried?: readonly MadeDatabase[];
  /** Returns `databases` and `notCarried` anew if tables could not be read to their end. */
  readonly withUnread?: (
    unread: readonly UnreadTable[],
  ) => Pick<ExportSource, "databases"> & Required<Pick<ExportSource, "notCarried">>;
  /** Notes that the user should read before the export begins. */
  readonly notes: readonly Note[];

  /** The note that says why the work of an earlier run is discarded: the source has changed. */
  readonly changedNote: Note | undefined;

  /** Starts the threads that carry out tasks. Call this once; the caller closes the pool. */
  pool(jobs: number): TaskPool<Task>;

  /**
   * Yields the tasks that are left, as they are planned. Every collection has a plan in `progress` when the
   * first task comes, or at the end if there is no task.
   *
   * @param expect is called with the number of documents that a collection is said to have.
   */
  tasks(
    options: TaskOptions,
    progress: ExportProgress,
    expect: (documents: number) => void,
  ): AsyncIterable<Task>;

  /**
   * Finds the changes since a moment, if the source can show all of them as of a later moment; undefined if
   * it cannot. The caller does not close it.
   */
  readonly changes: ((since: ClusterTime) => Promise<Pick<DeltaSource, "write">>) | undefined;

  /** Looks at the source again and yields notes on what was read; none if the source cannot have changed. */
  lookAgain(
    read: readonly ReadCount[],
    options: Pick<TaskOptions, "giveUpAfterMs">,
  ): AsyncIterable<Note> | Iterable<Note>;

  /**
   * Returns the current namespaces of these databases; undefined if namespaces cannot vanish from the source.
   */
  readonly namesNow?: (
    databases: readonly string[],
    options: Pick<TaskOptions, "giveUpAfterMs">,
  ) => Promise<string[]>;

  close(): Promise<void>;
}

/** The number of documents that were read from a namespace. */
export type ReadCount = Pick<
  SourceNamespace,
  "namespace" | "database" | "collection" | "kind" | "documentCount"
>;

/** The folder that tasks write to, and the size of a part. */
export interface TaskOptions extends Destination {
  readonly partMib: number;
  /** The time for which a server may fail without a success in between. */
  readonly giveUpAfterMs: number;
}
