import { quoteIdentifier, quoteText } from "../csv/csv-dialect.ts";
import { collectionComment, columnComment } from "./column-comments.ts";
import { sqlTypeOf, type ColumnPlan } from "./column-rule.ts";

/**
 * The collation of text, which compares as MongoDB does: by bytes, without padding. The two servers have
 * different names for it.
 */
export const TEXT_COLLATIONS = { mysql: "utf8mb4_0900_bin", mariadb: "utf8mb4_nopad_bin" } as const;

/** The clause that declares it. Each server reads the comment meant for it. */
export const BINARY_TEXT = `/*!80017 COLLATE ${TEXT_COLLATIONS.mysql} */ /*M!100202 COLLATE ${TEXT_COLLATIONS.mariadb} */`;

/** A table to make, its key column first. */
interface PlannedColumns {
  readonly table: string;
  readonly columns: readonly ColumnPlan[];
}

/**
 * Returns the CREATE TABLE statement, for MySQL 8.0.17 and later and for MariaDB 10.6 and later. Its comments
 * say how rows become documents again.
 */
export function createTableStatement(plan: PlannedColumns, collection: string): string {
  const [key] = plan.columns;
  const lines = [
    ...plan.columns.map((c) => columnLine(c, c === key)),
    `PRIMARY KEY (${quoteIdentifier(key!.name)})`,
  ];
  return [
    `CREATE TABLE ${quoteIdentifier(plan.table)} (`,
    lines.map((line) => `  ${line}`).join(",\n"),
    `) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 ${BINARY_TEXT} COMMENT=${quoteText(collectionComment(collection))}`,
  ].join("\n");
}

/** Returns the definition of one column in the statement. */
export function columnLine({ name, rule }: ColumnPlan, isKey: boolean): string {
  const charset = rule.kind === "objectId" ? " CHARACTER SET ascii COLLATE ascii_bin" : "";
  const comment = quoteText(columnComment(rule));
  return `${quoteIdentifier(name)} ${sqlTypeOf(rule).toUpperCase()}${charset} ${isKey ? "NOT NULL" : "NULL"} COMMENT ${comment}`;
}
