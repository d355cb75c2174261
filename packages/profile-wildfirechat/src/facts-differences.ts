import type { ColumnFacts, TargetFacts } from "@firebreak/archive";
import { tableFacts } from "./target-facts.ts";

/** Where a real target is not what rows were made for. */
export type FactsDifference =
  | { readonly what: "table-missing"; readonly table: string }
  | {
      readonly what: "column-missing" | "column-new" | "column-changed";
      readonly table: string;
      readonly column: string;
    }
  | { readonly what: "flyway-changed"; readonly expected: string | null; readonly found: string | null };

/**
 * Compares the tables that rows were made for with those of the target, column
 * by column; the order of columns does not matter, since rows are loaded by name.
 *
 * A column that is new on the target counts only where rows cannot go without
 * it. The migration counts only where `expected` is of a real target (its
 * `database` is known): the community layout is a supposition.
 */
export function factsDifferences(expected: TargetFacts, found: TargetFacts): FactsDifference[] {
  const differences: FactsDifference[] = [];
  const isSupposed = expected.database === undefined;
  if (!isSupposed && expected.flywayVersion !== found.flywayVersion)
    differences.push({
      what: "flyway-changed",
      expected: expected.flywayVersion,
      found: found.flywayVersion,
    });
  for (const { tables, columns } of expected.shapes)
    for (const table of tables) {
      const there = tableFacts(found, table);
      if (there === undefined) differences.push({ what: "table-missing", table });
      else differences.push(...columnDifferences(table, columns, there.columns));
    }
  return differences;
}

function columnDifferences(
  table: string,
  expected: readonly ColumnFacts[],
  found: readonly ColumnFacts[],
): FactsDifference[] {
  const differences: FactsDifference[] = [];
  for (const column of expected) {
    const there = found.find(({ name }) => name === column.name);
    if (there === undefined) differences.push({ what: "column-missing", table, column: column.name });
    else if (shapeOf(there) !== shapeOf(column))
      differences.push({ what: "column-changed", table, column: column.name });
  }
  for (const column of found) {
    const isKnown = expected.some(({ name }) => name === column.name);
    if (!isKnown && isNeeded(column)) differences.push({ what: "column-new", table, column: column.name });
  }
  return differences;
}

/** What rows depend on; a default that changed is the site's own affair. */
function shapeOf({ type, isUnsigned, characters, characterSet, bytes, isNullable }: ColumnFacts): string {
  return JSON.stringify([type, isUnsigned, characters, characterSet, bytes, isNullable]);
}

function isNeeded({ isNullable, isAutoIncrement, isDefaultExpression, ...column }: ColumnFacts): boolean {
  return !isNullable && !isAutoIncrement && !isDefaultExpression && column.default === undefined;
}
