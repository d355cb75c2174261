import type { Answer, AnswerRow, TestedQuery } from "../tested-query.ts";
import { rowText } from "./row-text.ts";

/** The first difference between the answers of source and target. */
export type RowDifference =
  /** A row of the source that the target's answer lacks, or the other way round. */
  | { readonly what: "missing" | "extra"; readonly row: number; readonly values: string }
  | {
      readonly what: "changed";
      readonly row: number;
      readonly column: string;
      readonly source: string | null;
      readonly target: string | null;
    };

/**
 * Returns the first difference between two answers, or undefined if they are equal.
 *
 * A limit may have cut one answer before the other, because rows that the target is not to have took places
 * in it. Then only the rows that both reach are compared. Of answers without an order that limits cut,
 * only the fact that both were cut is compared.
 */
export function compareAnswers(
  source: Answer,
  target: Answer,
  { isOrdered, isPartial = false }: Pick<TestedQuery, "isOrdered" | "isPartial">,
): RowDifference | undefined {
  if (isOrdered) return firstDifference(source, target, isPartial);
  if (!source.isWhole && !target.isWhole) return undefined;
  const inTarget = countsOf(target.rows);
  const onlyInSource = source.rows.filter((row) => !takeFrom(inTarget, row));
  const inSource = countsOf(source.rows);
  const onlyInTarget = target.rows.filter((row) => !takeFrom(inSource, row));
  return firstDifference({ ...source, rows: onlyInSource }, { ...target, rows: onlyInTarget }, isPartial);
}

function firstDifference(
  { rows: source, isWhole: isSourceWhole }: Answer,
  { rows: target, isWhole: isTargetWhole }: Answer,
  isPartial: boolean,
): RowDifference | undefined {
  const length = Math.min(source.length, target.length);
  for (let i = 0; i < length; i++) {
    const changed = changedColumn(source[i]!, target[i]!, isPartial);
    if (changed !== undefined) return { what: "changed", row: i + 1, ...changed };
  }
  const [missing, extra] = [source[length], target[length]];
  if (missing !== undefined && isTargetWhole)
    return { what: "missing", row: length + 1, values: rowText(missing) };
  if (extra !== undefined && isSourceWhole) return { what: "extra", row: length + 1, values: rowText(extra) };
  return undefined;
}

function changedColumn(
  source: AnswerRow,
  target: AnswerRow,
  isPartial: boolean,
): { column: string; source: string | null; target: string | null } | undefined {
  for (const column of new Set([...source.keys(), ...(isPartial ? [] : target.keys())])) {
    const values = { source: source.get(column) ?? null, target: target.get(column) ?? null };
    if (values.source !== values.target) return { column, ...values };
  }
  return undefined;
}

function countsOf(rows: readonly AnswerRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = rowText(row);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function takeFrom(counts: Map<string, number>, row: AnswerRow): boolean {
  const text = rowText(row);
  const count = counts.get(text) ?? 0;
  if (count > 0) counts.set(text, count - 1);
  return count > 0;
}
