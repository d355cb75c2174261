import type { RowEncoding } from "@firebreak/archive";
import { chooseKeyRule, chooseRule } from "./choose-rule.ts";
import { columnNames, EXTRA_COLUMN } from "./column-names.ts";
import { commonestFirst, type CollectionSurvey } from "./collection-survey.ts";
import { pageBytesOf, rowBytesOf, type ColumnPlan, type ColumnRule } from "./column-plan.ts";

/** Fields that get columns; documents used as maps have many more. */
export const MAX_FIELDS = 300;

/** MySQL's limit for a row, TEXT and BLOB aside (manual, 10.4.7), less what the server adds. */
const MAX_ROW_BYTES = 65_000;

/** InnoDB's limit for a row in a 16 KiB page is 8,126 (manual, 17.22); the row's head and null bits take some. */
const MAX_PAGE_BYTES = 8_000;

/** From this length on a VARCHAR can be moved out of the page. */
const MOVABLE_CHARACTERS = 64;

/** Rows of longer lines are hashed by their values' hashes, so that no server's packet limit can null the hash. */
export const LONG_LINE_BYTES = 4 << 20;

/** One collection to one table. */
export interface TablePlan {
  readonly kind: "generic";
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
  /** The key first, `_extra` last, the others in the order of commonness. */
  readonly columns: readonly ColumnPlan[];
  readonly rowEncoding: RowEncoding;
}

/** Decides a collection's table from its survey. Pure: the same survey, the same table. */
export function planTable(
  namespace: string,
  database: string,
  table: string,
  survey: CollectionSurvey,
): TablePlan {
  const names = commonestFirst(survey)
    .filter((name) => name !== "_id")
    .slice(0, MAX_FIELDS);
  const allowed = columnNames(["_id", ...names]);
  const fields = names.flatMap((name): ColumnPlan[] => {
    const rule = allowed.has(name) ? chooseRule(survey.fields.get(name)!) : undefined;
    return rule === undefined ? [] : [{ name, rule }];
  });
  const key: ColumnPlan = { name: "_id", rule: chooseKeyRule(survey.fields.get("_id")) };
  return {
    kind: "generic",
    namespace,
    database,
    table,
    columns: fittingRow(key, fields),
    rowEncoding: survey.maxLineBytes >= LONG_LINE_BYTES ? "value-hashes" : "values",
  };
}

/** Returns whether a table can have these columns, the key first. Rows too long for a page are refused one by one. */
export function fitsRow(columns: readonly ColumnPlan[]): boolean {
  return totalOf(columns, rowBytesOf) <= MAX_ROW_BYTES;
}

function totalOf(
  columns: readonly ColumnPlan[],
  bytesOf: (rule: ColumnRule, isKey: boolean) => number,
): number {
  return columns.reduce((sum, { rule }, i) => sum + bytesOf(rule, i === 0), 0);
}

/** Makes the row fit: first by columns that can leave the page or the row, then, the rarest first, without columns. */
function fittingRow(key: ColumnPlan, fields: readonly ColumnPlan[]): ColumnPlan[] {
  const extra: ColumnPlan = { name: EXTRA_COLUMN, rule: { kind: "extra" } };
  const total = (columns: readonly ColumnPlan[], bytesOf: Parameters<typeof totalOf>[1]): number =>
    totalOf([key, ...columns, extra], bytesOf);
  let columns = [...fields];
  if (total(columns, pageBytesOf) > MAX_PAGE_BYTES)
    columns = columns.map((c) => ({ ...c, rule: movable(c.rule) }));
  while (total(columns, pageBytesOf) > MAX_PAGE_BYTES) columns.pop();
  while (total(columns, rowBytesOf) > MAX_ROW_BYTES) {
    const longest = columns.reduce((a, b) => (rowBytesOf(b.rule) > rowBytesOf(a.rule) ? b : a));
    columns = columns.map((c) => (c === longest ? { ...c, rule: outOfRow(c.rule) } : c));
  }
  return [key, ...columns, extra];
}

function movable(rule: ColumnRule): ColumnRule {
  if (rule.kind === "string" && rule.maxCharacters !== undefined && rule.maxCharacters < MOVABLE_CHARACTERS)
    return { kind: "string", maxCharacters: MOVABLE_CHARACTERS };
  return rule.kind === "binary" && rule.maxBytes < 256 ? { kind: "binary", maxBytes: 256 } : rule;
}

function outOfRow(rule: ColumnRule): ColumnRule {
  return rule.kind === "binary" ? { kind: "binary", maxBytes: 65_535 } : { kind: "string", maxBytes: 65_535 };
}
