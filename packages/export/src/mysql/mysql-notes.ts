import type { MadeDatabase } from "@firebreak/archive";
import type { FoundTable, MysqlSession, SourceSchema } from "@firebreak/mysql";
import { note, type Note } from "../export-notes.ts";
import type { Snapshot, SnapshotThreads } from "./take-snapshot.ts";

/** The engines whose rows a snapshot keeps unchanged. */
const SNAPSHOT_ENGINES: ReadonlySet<string> = new Set(["innodb", "rocksdb", "tokudb"]);

/** The replacement for a byte that is not text: MariaDB shows a default of BINARY as its bytes. */
const NO_TEXT = "\u{FFFD}";

export function isInSnapshot({ engine }: FoundTable): boolean {
  return SNAPSHOT_ENGINES.has(engine.toLowerCase());
}

/**
 * Lists the objects that each database has, or may have, and that the archive lacks. Databases that lack
 * nothing are omitted.
 */
export function leftOut({ databases }: Pick<SourceSchema, "databases">): MadeDatabase[] {
  return databases.flatMap(({ database, notCarried = [] }) =>
    notCarried.length === 0 ? [] : [{ database, notCarried }],
  );
}

/** Returns the notes on an archive of this server: what it contains besides rows, and what it lacks. */
export function mysqlNotes(
  session: MysqlSession,
  { tables, databases }: SourceSchema,
  { refusal }: Pick<Snapshot<SnapshotThreads>, "refusal">,
): Note[] {
  const outside = tables.filter((t) => t.kind === "table" && !isInSnapshot(t));
  const histories = tables.filter((t) => t.hasHistory);
  const unsayable = tables.filter((t) => t.table.createStatement.includes(NO_TEXT));
  const count = (list: readonly unknown[]): number => list.length;
  return [
    ...(refusal === undefined
      ? []
      : [note("snapshot-one-connection", { server: session.target.server, reason: refusal })]),
    ...(outside.length === 0
      ? []
      : [note("snapshot-without", { tables: outside.map((t) => `${t.namespace} (${t.engine})`) })]),
    ...(histories.length === 0
      ? []
      : [note("history-not-carried", { tables: histories.map((t) => t.namespace) })]),
    ...(unsayable.length === 0
      ? []
      : [note("statements-unsayable", { tables: unsayable.map((t) => t.namespace) })]),
    note("mysql-carried", {
      views: count(tables.filter((t) => t.kind === "view")),
      triggers: count(tables.flatMap((t) => t.table.triggers)),
      routines: count(databases.flatMap((d) => [...d.procedures, ...d.functions])),
      events: count(databases.flatMap((d) => d.events)),
      sequences: count(databases.flatMap((d) => d.sequences)),
      libraries: count(databases.flatMap((d) => d.libraries ?? [])),
    }),
  ];
}
