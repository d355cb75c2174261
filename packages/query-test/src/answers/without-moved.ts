import type { DocumentSide } from "../sides/side.ts";
import type { Answer, AnswerRow, MovedRows } from "../tested-query.ts";

/** The most rows of one answer that are looked for elsewhere. */
const MOST_ROWS = 100;

/** Returns the target's answer without rows that the source's answer lacks because it has them elsewhere. */
export async function withoutMoved(
  moved: MovedRows,
  source: Answer,
  target: Answer,
  side: DocumentSide,
): Promise<Answer> {
  const textOf = (row: AnswerRow): string => JSON.stringify(moved.identity.map((name) => row.get(name)));
  const known = new Set(source.rows.map(textOf));
  const extra = target.rows.filter((row) => !known.has(textOf(row))).slice(0, MOST_ROWS);
  const elsewhere = new Set<AnswerRow>();
  await side.asking(async (find) => {
    for (const row of extra) if (await moved.isElsewhere(row, find)) elsewhere.add(row);
  });
  return { ...target, rows: target.rows.filter((row) => !elsewhere.has(row)) };
}
