import type { MysqlTable } from "@firebreak/archive";
import type { TableFacts } from "../../driver/table-facts.ts";
import type { IndexFacts } from "../../driver/table-queries.ts";
import { ledgerName } from "../ledger/ledger-name.ts";
import type { LedgerRow } from "../ledger/ledger.ts";
import { columnProblems } from "./columns.ts";
import type { TargetFinding, TargetNote } from "./findings.ts";

/** A table of the archive, the table in its place in the target, and its ledger rows. */
export interface FoundTable {
  readonly table: MysqlTable;
  readonly ledger: readonly LedgerRow[];
  /** Undefined if the table does not exist. */
  readonly facts: TableFacts | undefined;
  readonly rowCount: number;
}

/**
 * Returns the reasons against loading into an existing table.
 *
 * @param isMerge an application's own table may have rows of others.
 */
export function tableFindings(found: FoundTable, isMerge = false): TargetFinding[] {
  const { table: expected, ledger, facts, rowCount } = found;
  const { table } = expected;
  const given = expected.isGiven === true ? { isGiven: true as const } : {};
  const hashes = new Map(expected.parts.map((p) => [p.file, p.plainSha256]));
  const foreign = ledger.find((r) => hashes.get(ledgerName(r.subject)) !== r.plainSha256);
  if (foreign !== undefined)
    return [{ what: "ledger-foreign", table, part: ledgerName(foreign.subject), ...given }];
  const lines = new Map(expected.parts.map((p) => [p.file, p.lineCount]));
  const unsound = ledger.find((r) => !accountsFor(r, lines.get(ledgerName(r.subject))!));
  if (unsound !== undefined)
    return [{ what: "ledger-counts", table, part: ledgerName(unsound.subject), ...given }];
  if (expected.isGiven === true) return givenTableFindings(found, isMerge);
  const ledgerRows = ledger.reduce((sum, r) => sum + r.rowCount, 0);
  if (facts === undefined)
    return ledger.length > 0 ? [{ what: "ledger-rows", table, ledger: ledgerRows, found: 0 }] : [];
  const { engine, indexes, triggers, foreignKeys } = facts;
  if (!facts.isTable) return [{ what: "not-a-table", table, kind: engine }];
  const findings: TargetFinding[] = [];
  if (ledger.length === 0 && rowCount > 0) findings.push({ what: "table-taken", table });
  else if (rowCount !== ledgerRows)
    findings.push({ what: "ledger-rows", table, ledger: ledgerRows, found: rowCount });
  // Other engines cannot roll back a load, unless only the steps after the rows are left.
  const isDone = expected.own !== undefined && ledger.length === expected.parts.length;
  if (engine !== "InnoDB" && !(isDone && engine === expected.own?.engine))
    findings.push({ what: "engine", table, engine });
  const problems = columnProblems(expected, facts.columns);
  if (problems.length > 0) findings.push({ what: "table-differs", table, problems });
  findings.push(...keyFindings(expected, indexes));
  if (triggers.length > 0 && !isDone) findings.push({ what: "triggers", table, names: triggers });
  if (foreignKeys.length > 0 && expected.own === undefined)
    findings.push({ what: "foreign-keys", table, names: foreignKeys });
  return findings;
}

/**
 * Returns true if every line of a part is in the table or in quarantine, by a ledger row that someone may
 * have edited.
 */
function accountsFor({ rowCount, quarantinedCount, quarantine }: LedgerRow, lineCount: number): boolean {
  return (
    rowCount >= 0 &&
    rowCount + quarantinedCount === lineCount &&
    quarantinedCount === (quarantine?.lineCount ?? 0)
  );
}

/** Compares keys: rows that the archive keeps apart must be apart here too, and no row may come in twice. */
function keyFindings(
  { table, keyColumns, indexes, own }: MysqlTable,
  found: readonly IndexFacts[],
): TargetFinding[] {
  const primary = found.find((i) => i.name === "PRIMARY");
  const text = (columns: readonly string[]): string => columns.map((c) => c.toLowerCase()).join(", ");
  const columnsOf = (index: IndexFacts): string =>
    text(index.columns.map((c) => (c.isWhole ? c.name : `${c.name} (its beginning)`)));
  const foundKey = primary === undefined ? "" : columnsOf(primary);
  // In a MySQL table a unique index, or the beginning of a key, may identify the rows.
  const findings: TargetFinding[] =
    foundKey === text(keyColumns) || own !== undefined
      ? []
      : [{ what: "key-differs", table, expected: keyColumns.join(", "), found: foundKey }];
  const uniqueNames =
    own?.uniqueIndexes ?? indexes.filter((i) => i.statement.startsWith("CREATE UNIQUE")).map((i) => i.name);
  const ours = new Set(uniqueNames.map((name) => name.toLowerCase()));
  for (const index of found)
    if (index.isUnique && index.name !== "PRIMARY" && !ours.has(index.name.toLowerCase()))
      findings.push({ what: "unique-index", table, index: index.name });
  return findings;
}

/** Notes what the user should know about an existing table. */
export function tableNotes({ table: { table }, facts }: FoundTable): TargetNote[] {
  return facts?.hasGaps === true ? [{ code: "load-partitions", fields: { table } }] : [];
}

/**
 * Returns the reasons against adding rows to an application's own table. Its columns are compared elsewhere,
 * by the facts.
 *
 * @param isMerge rows of others may be in the table.
 */
function givenTableFindings(
  { table: { table }, ledger, facts, rowCount }: FoundTable,
  isMerge: boolean,
): TargetFinding[] {
  // If it is missing or is no table, the facts show that.
  if (facts?.isTable !== true) return [];
  const findings: TargetFinding[] = [];
  const inTable = ledger.reduce((sum, r) => sum + r.rowCount, 0);
  const ours = ledger.reduce((sum, r) => sum + r.rowCount - (r.presentCount ?? 0), 0);
  // Several rows of the archive may match one existing row.
  const least = isMerge ? ours : inTable;
  if (rowCount < least) findings.push({ what: "given-rows", table, ledger: least, found: rowCount });
  else if (rowCount > ours && !isMerge)
    findings.push({ what: "given-taken", table, rowCount: rowCount - ours });
  if (facts.engine !== "InnoDB") findings.push({ what: "engine", table, engine: facts.engine });
  if (facts.triggers.length > 0) findings.push({ what: "triggers", table, names: facts.triggers });
  return findings;
}
