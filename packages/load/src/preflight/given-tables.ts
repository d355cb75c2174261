import type { TargetFinding } from "./findings.ts";
import type { FoundTable } from "./tables.ts";

/**
 * What speaks against adding rows to a table that is an application's own: what
 * its columns are like is compared elsewhere, by the facts.
 *
 * @param isMerge rows that are not ours may be there.
 */
export function givenTableFindings(
  { table: { table }, ledger, facts, rowCount }: FoundTable,
  isMerge: boolean,
): TargetFinding[] {
  // One that is missing, or no table, is found by the facts.
  if (facts?.isTable !== true) return [];
  const findings: TargetFinding[] = [];
  const inTable = ledger.reduce((sum, r) => sum + r.rowCount, 0);
  const ours = ledger.reduce((sum, r) => sum + r.rowCount - (r.presentCount ?? 0), 0);
  // Several rows of the archive may be one that was there.
  const least = isMerge ? ours : inTable;
  if (rowCount < least) findings.push({ what: "given-rows", table, ledger: least, found: rowCount });
  else if (rowCount > ours && !isMerge)
    findings.push({ what: "given-taken", table, rowCount: rowCount - ours });
  if (facts.engine !== "InnoDB") findings.push({ what: "engine", table, engine: facts.engine });
  if (facts.triggers.length > 0) findings.push({ what: "triggers", table, names: facts.triggers });
  return findings;
}
