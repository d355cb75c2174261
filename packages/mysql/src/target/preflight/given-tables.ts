import type { TargetFinding } from "./findings.ts";
import type { FoundTable } from "./found-table.ts";

/**
 * Returns the reasons against adding rows to an application's own table. Its columns are compared elsewhere,
 * by the facts.
 *
 * @param isMerge rows of others may be in the table.
 */
export function givenTableFindings(
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
