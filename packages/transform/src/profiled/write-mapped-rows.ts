import { readLines, type PartEntry, type ReadLine } from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import { LazyPart } from "../lazy-part.ts";
import type { MappedRow, ProfileNamespace, ProfileTable } from "../profile.ts";
import { lookupIn, type TwinFate } from "./find-twins.ts";
import type { KeyRun } from "./key-run.ts";
import { LineUses, type UsedLines } from "./line-uses.ts";
import { QuarantinePart } from "../quarantine-part.ts";
import { profileWorker } from "./profile-worker.ts";
import { RowSink, type WrittenTableRows } from "./row-sink.ts";

/** The task to make rows of one source part. Files are relative to the folder that transform writes. */
export interface MappedRowsTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly keys: Keys;
  readonly module: string;
  readonly data: unknown;
  readonly namespace: ProfileNamespace;
  readonly tables: readonly ProfileTable[];
  readonly folder: string;
  /** The files, by the table's index in the plan. */
  readonly files: readonly string[];
  readonly quarantineFile: string;
  readonly listFile: string;
  readonly listed: readonly string[];
  readonly lookups: ReadonlyMap<string, readonly KeyRun[]>;
  readonly fates: ReadonlyMap<number, TwinFate>;
}

export interface WrittenMappedRows extends UsedLines {
  readonly rows: readonly WrittenTableRows[];
}

/**
 * Maps one part of lines to at most one part of rows for each table, with their digests. Lines that cannot be
 * rows go to quarantine.
 */
export async function writeMappedRows(
  task: MappedRowsTask,
  count: (lines: number, bytes: number) => void,
): Promise<WrittenMappedRows> {
  const { folder, namespace, tables, fates } = task;
  const partOf = (file: string): LazyPart => new LazyPart(folder, file, task.keys.recipients);
  const worker = await profileWorker(task.module);
  const mapper = worker.rowMapper(task.data, namespace, lookupIn(task.lookups));
  const home = tables.findIndex((t) => t.namespace === namespace.namespace);
  const uses = new LineUses<MappedRow>(
    { namespace: namespace.namespace, part: task.part.file },
    {
      quarantine: new QuarantinePart({ ...task, namespace: namespace.namespace }),
      list: partOf(task.listFile),
    },
    new Set(task.listed),
    ([first]) => (first === undefined || first.table === home ? undefined : tables[first.table]!.table),
  );
  const sinks = new Map<number, RowSink>();
  const sinkOf = (table: number): RowSink => {
    const known = sinks.get(table);
    if (known !== undefined) return known;
    const sink = new RowSink(partOf(task.files[table]!), table, tables[table]!);
    sinks.set(table, sink);
    return sink;
  };

  const take = (read: ReadLine): void => {
    for (const { table, cells } of uses.take(read, mapper.map(read), fates.get(read.number)))
      sinkOf(table).add(cells);
  };
  const flush = async (lines: number, bytes: number): Promise<void> => {
    await sinks.get(home)?.flush();
    await uses.flush();
    count(lines, bytes);
  };

  try {
    await readLines(task.sourceFile, task.part, task.keys, take, flush);
    const rows: WrittenTableRows[] = [];
    for (const sink of sinks.values()) {
      const written = await sink.seal();
      if (written !== undefined) rows.push(written);
    }
    return { rows, ...(await uses.seal()) };
  } catch (error) {
    for (const sink of sinks.values()) await sink.abandon();
    await uses.abandon();
    throw error;
  }
}
