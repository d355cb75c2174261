import type { ProfileNamespace } from "@firebreak/transform";
import { familyOf } from "./column-fit.ts";
import { profileFault } from "../profile-faults.ts";
import { KNOWN_COLUMNS } from "../rows/row-plan.ts";
import { serverTable } from "./server-tables.ts";
import type { SourceRefusal } from "./refusals.ts";

/** The server's sharded tables of one database, by namespace. */
export interface SourceTables {
  readonly database: string;
  readonly messages: readonly string[];
  readonly userMessages: readonly string[];
}

/**
 * Finds the server's sharded tables in an archive of MySQL.
 *
 * @throws {FirebreakError} `profile-foreign` if there are none, `profile-databases`, `profile-source-unfit`
 * with every column that is missing or has another type.
 */
export function sourceTables(namespaces: readonly ProfileNamespace[]): SourceTables {
  const refusals: SourceRefusal[] = [];
  const names = { messages: [] as string[], userMessages: [] as string[] };
  const databases = new Set<string>();
  for (const ns of namespaces) {
    const { kind } = serverTable(ns.collection);
    if (kind !== "messages" && kind !== "userMessages") continue;
    databases.add(ns.database);
    names[kind].push(ns.namespace);
    refusals.push(...columnRefusals(kind, ns));
  }
  const [database, another] = databases;
  if (database === undefined) throw profileFault("profile-foreign", { database });
  if (another !== undefined) throw profileFault("profile-databases", { databases: [...databases] });
  if (refusals.length > 0) throw profileFault("profile-source-unfit", { refusals });
  return { database, ...names };
}

function columnRefusals(
  kind: keyof typeof KNOWN_COLUMNS,
  { collection: table, table: description }: ProfileNamespace,
): SourceRefusal[] {
  return Object.entries(KNOWN_COLUMNS[kind]).flatMap(([column, { family, isLate }]): SourceRefusal[] => {
    const found = description?.columns.find(({ name }) => name === column);
    if (found === undefined) return isLate ? [] : [{ what: "column-missing", table, column }];
    const isFit = familyOf(found.dataType.toLowerCase()) === family;
    return isFit ? [] : [{ what: "column-type-unfit", table, column, type: found.sqlType }];
  });
}
