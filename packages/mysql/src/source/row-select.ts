import { lineFormOf, quoteIdentifier, type LineForm, backAgainSql } from "@firebreak/mysql-format";
import type { SourceColumn } from "@firebreak/archive";

/** The columns of one table, and the expressions that read their values exactly. */
export interface RowSelect {
  readonly columns: readonly { readonly name: string; readonly form: LineForm }[];
  /**
   * One expression for each column, then one for each of `provedColumns`, then one for each of
   * `jsonColumns`.
   */
  readonly expressions: readonly string[];
  /**
   * Positions of the columns whose characters are converted, in the order of their proofs, which
   * follow the columns. A proof is NULL for NULL, empty if the characters are what the column has,
   * else the column's bytes.
   */
  readonly provedColumns: readonly number[];
  /**
   * Positions of the columns of JSON documents. Their flags come last: 0 if a document has values
   * that its text does not tell.
   */
  readonly jsonColumns: readonly number[];
}

/** Character sets whose bytes need no conversion to UTF-8. */
const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "binary"]);

/**
 * Returns the expressions that select every value as it is, for a session whose results are not
 * converted.
 *
 * Characters of other sets than UTF-8 come converted if converting them back gives the same bytes,
 * else as their bytes. DOUBLE and FLOAT lose the decimals that a type like FLOAT(7,2) shows. Their
 * text is then the shortest that reads back as the same bits; for a FLOAT, the shortest of its
 * exact value. `+ 0` would turn -0 into 0.
 */
export function rowSelect(columns: readonly SourceColumn[]): RowSelect {
  const kept = columns.filter((c) => !c.isGenerated);
  const forms = kept.map(lineFormOf);
  const provedColumns = kept.flatMap((c, i) => (forms[i] === "characters" && isConverted(c) ? [i] : []));
  const jsonColumns = kept.flatMap((c, i) => (c.dataType.toLowerCase() === "json" ? [i] : []));
  return {
    columns: kept.map(({ name }, i) => ({ name, form: forms[i]! })),
    expressions: [
      ...kept.map((c, i) => valueOf(c, forms[i]!)),
      ...provedColumns.map((i) => proofOf(kept[i]!)),
      ...jsonColumns.map((i) => isToldByText(quoteIdentifier(kept[i]!.name))),
    ],
    provedColumns,
    jsonColumns,
  };
}

function isConverted({ characterSet }: SourceColumn): boolean {
  return characterSet !== undefined && !UTF8.has(characterSet.toLowerCase());
}

function valueOf(column: SourceColumn, form: LineForm): string {
  const name = quoteIdentifier(column.name);
  if (form === "member") return memberOf(column, name);
  if (form === "double") return `${name} * 1e0`;
  if (form === "characters" && isConverted(column)) return `CONVERT(${name} USING utf8mb4)`;
  return name;
}

/**
 * Returns SQL for the number of a member. `+ 0` would make a DOUBLE, too narrow for the bits of a
 * SET. A type shows a question mark for a character beyond the Basic Multilingual Plane. A member
 * with such a character is read as its text, since a table made from that type does not have the
 * member.
 */
function memberOf({ sqlType }: SourceColumn, name: string): string {
  const number = `CAST(${name} AS UNSIGNED)`;
  if (!sqlType.includes("?")) return number;
  const text = `CONVERT(${name} USING utf8mb4)`;
  const shown = `CONVERT(CONVERT(${name} USING utf8mb3) USING utf8mb4)`;
  return `IF(CAST(${shown} AS BINARY) = CAST(${text} AS BINARY), ${number}, ${text})`;
}

/**
 * Returns SQL that is 1 if a JSON document equals what its text is read as. Dates, times and binary
 * strings in a document have the text of a string (manual, 13.5: "Converting between JSON and
 * non-JSON values"). The comparison costs the server a fifth of the time of reading.
 */
function isToldByText(name: string): string {
  return `${name} <=> CAST(CAST(${name} AS CHAR) AS JSON)`;
}

/**
 * Returns SQL for a column's proof. Functions return NULL for a value above max_allowed_packet.
 * Then exactly one of characters and proof is NULL.
 */
function proofOf(column: SourceColumn): string {
  const name = quoteIdentifier(column.name);
  const characters = `CONVERT(${name} USING utf8mb4)`;
  const back = backAgainSql(name, column.characterSet!);
  const bytes = `CAST(${name} AS BINARY)`;
  const proof = `COALESCE(IF(${back} = ${bytes}, '', ${bytes}), IF(${characters} IS NULL, '', NULL))`;
  return `IF(${name} IS NULL, NULL, ${proof})`;
}
