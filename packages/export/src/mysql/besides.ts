import { databaseFileText, notCarried } from "@firebreak/archive";
import type { SourceSchema } from "@firebreak/mysql";
import type { ExportSource } from "../export-source.ts";
import { leftOut } from "./mysql-notes.ts";
import type { UnreadTable } from "../export-progress.ts";

/** Lists the objects of a server besides tables: those that the archive has, and those that it lacks. */
export function besides(
  schema: Pick<SourceSchema, "databases">,
  unread: readonly UnreadTable[],
): ReturnType<NonNullable<ExportSource["withUnread"]>> {
  const databases = schema.databases.map((d) => {
    const tables = unread.filter((t) => t.database === d.database);
    const left = tables.map((t) => notCarried("table", t.name, "server-refused", t.reason));
    return { ...d, notCarried: [...(d.notCarried ?? []), ...left] };
  });
  return {
    databases: databases.map((d) => ({ database: d.database, text: databaseFileText(d) })),
    notCarried: leftOut({ databases }),
  };
}
