import type { ColumnFacts } from "@firebreak/archive";
import { tableFacts, type ChatTargetFacts } from "../../src/target/target-facts.ts";

/** A difference between a real target and the target that rows were made for. */
export type FactsDifference =
  | { readonly what: "table-missing"; readonly table: string }
  | {
      readonly what: "column-missing" | "column-new" | "column-changed";
      readonly table: string;
      readonly column: string;
    }
  | { readonly what: "flyway-changed"; readonly expected: string | null; readonly found: string | null };

/**
 * Compares the tables that rows were made for with those of the target, column by column. The order of
 * columns does not count, because rows are loaded by name.
 *
 * A new column on the target counts only if rows need a value for it. The migration counts only if `expected`
 * describes a real target (its `database` is known), because the community layout is an assumption.
 */
export function factsDifferences(expected: ChatTargetFacts, found: ChatTargetFacts): FactsDifference[] {
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

/** Returns the properties that rows depend on. The default is not among them: it is the site's decision. */
function shapeOf({ type, isUnsigned, characters, characterSet, bytes, isNullable }: ColumnFacts): string {
  return JSON.stringify([type, isUnsigned, characters, characterSet, bytes, isNullable]);
}

function isNeeded({ isNullable, isAutoIncrement, isDefaultExpression, ...column }: ColumnFacts): boolean {
  return !isNullable && !isAutoIncrement && !isDefaultExpression && column.default === undefined;
}
