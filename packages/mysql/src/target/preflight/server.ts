import type { MysqlTable } from "@firebreak/archive";
import type { ServerFacts } from "../../driver/server-facts.ts";
import type { TargetFinding } from "./findings.ts";
import { insertRows } from "../sending/insert-rows.ts";
import { loadData } from "../sending/load-data.ts";
import type { SendRows } from "../sending/send-rows.ts";

/** Engines whose tables show rows of other tables or servers. Loading them would duplicate those rows. */
const ROWS_ELSEWHERE = /^(MRG_MyISAM|FEDERATED|CONNECT|SPIDER)$/i;

/**
 * Returns the reasons in the server itself against a load.
 *
 * @param mayLackKey true if the server accepts a MySQL table's own statement even without a key.
 */
export function serverFindings(
  facts: ServerFacts,
  tables: readonly MysqlTable[],
  mayLackKey = false,
): TargetFinding[] {
  const findings: TargetFinding[] = [];
  if (isTooOld(facts)) findings.push({ what: "server-old", version: facts.version });
  if (facts.readOnlyBy.length > 0) findings.push({ what: "read-only", settings: facts.readOnlyBy });
  if (facts.forceRecovery > 0) findings.push({ what: "force-recovery", level: facts.forceRecovery });
  if (!facts.hasInnodb) findings.push({ what: "engine-missing" });
  for (const { table, own } of tables)
    if (own !== undefined && ROWS_ELSEWHERE.test(own.engine))
      findings.push({ what: "rows-elsewhere", table, engine: own.engine });
  if (facts.requiresPrimaryKey)
    for (const { table, keyColumns, isGiven, own } of tables)
      if (keyColumns.length === 0 && isGiven !== true && !(own !== undefined && mayLackKey))
        findings.push({ what: "keyless", table });
  return findings;
}

/** utf8mb4_0900_bin came with MySQL 8.0.17; MariaDB is tested from 10.6 on. */
function isTooOld({ isMariadb, major, minor, patch }: ServerFacts): boolean {
  if (isMariadb) return major < 10 || (major === 10 && minor < 6);
  return major < 8 || (major === 8 && minor === 0 && patch < 17);
}

/** Finds collections of several databases that would share a table. */
export function collisions(
  tables: readonly MysqlTable[],
  targetDatabase: string | undefined,
  { lowerCaseTableNames }: Pick<ServerFacts, "lowerCaseTableNames">,
): TargetFinding[] {
  const place = ({ table, database }: MysqlTable): string =>
    JSON.stringify([targetDatabase ?? database, lowerCaseTableNames > 0 ? table.toLowerCase() : table]);
  return [...Map.groupBy(tables, place).values()].flatMap((sharing): TargetFinding[] =>
    sharing.length < 2
      ? []
      : [{ what: "tables-collide", table: sharing[0]!.table, namespaces: sharing.map((t) => t.namespace) }],
  );
}

/**
 * Returns the function that sends rows to a server: by LOAD DATA if the server allows it and the
 * table's rows pass through it unchanged, else by INSERT.
 */
export function rowSender({
  isMariadb,
  hasLocalInfile,
}: Pick<ServerFacts, "isMariadb" | "hasLocalInfile">): SendRows {
  return (session, to, bytes) => {
    // MariaDB keeps JSON as unchanged text.
    const hasJsonDecimals = !isMariadb && to.hasJsonDecimals === true;
    const needsInsert = !hasLocalInfile || hasJsonDecimals || to.needsInsert === true;
    return (needsInsert ? insertRows : loadData)(session, { ...to, hasJsonDecimals }, bytes);
  };
}
