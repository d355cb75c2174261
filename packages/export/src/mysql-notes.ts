import { missingPrivileges, type FoundTable, type MysqlSession, type SourceSchema } from "@firebreak/mysql";
import type { Note } from "./export-source.ts";
import type { Snapshot } from "./take-snapshot.ts";

/** Engines whose rows a snapshot holds still. */
const SNAPSHOT_ENGINES: ReadonlySet<string> = new Set(["innodb", "rocksdb", "tokudb"]);

/** What a byte becomes that is no text: MariaDB shows a default of BINARY as its bytes. */
const NO_TEXT = "\u{FFFD}";

/** Without these what a database has besides rows is not seen, and nothing tells that it is there. */
const SEEING = ["SELECT", "SHOW VIEW", "TRIGGER", "EVENT"] as const;

export function isInSnapshot({ engine }: FoundTable): boolean {
  return SNAPSHOT_ENGINES.has(engine.toLowerCase());
}

/** What a person should know of an archive of this server: what is in it besides rows, and what is not. */
export async function mysqlNotes(
  session: MysqlSession,
  { tables, databases, unreadable }: SourceSchema,
  { refusal }: Pick<Snapshot, "refusal">,
): Promise<Note[]> {
  const note = (code: string, fields: Readonly<Record<string, unknown>>): Note => ({
    kind: "note",
    code,
    fields,
  });
  const outside = tables.filter((t) => t.kind === "table" && !isInSnapshot(t));
  const histories = tables.filter((t) => t.hasHistory);
  const unsayable = tables.filter((t) => t.table.createStatement.includes(NO_TEXT));
  const unseen = new Set<string>();
  for (const { database } of databases)
    for (const privilege of await missingPrivileges(session, database, SEEING)) unseen.add(privilege);
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
    ...(unreadable.length === 0 ? [] : [note("objects-not-carried", { names: unreadable })]),
    ...(unsayable.length === 0
      ? []
      : [note("statements-unsayable", { tables: unsayable.map((t) => t.namespace) })]),
    ...(unseen.size === 0 ? [] : [note("objects-unseen", { privileges: [...unseen] })]),
    note("mysql-carried", {
      views: count(tables.filter((t) => t.kind === "view")),
      triggers: count(tables.flatMap((t) => t.table.triggers)),
      routines: count(databases.flatMap((d) => [...d.procedures, ...d.functions])),
      events: count(databases.flatMap((d) => d.events)),
      sequences: count(databases.flatMap((d) => d.sequences)),
    }),
  ];
}
