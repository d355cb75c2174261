import type { Column, MysqlTable } from "@firebreak/archive";
import { TEXT_COLLATIONS } from "@firebreak/mysql-format";
import type { ColumnFacts } from "../../driver/table-queries.ts";
import type { ColumnProblem } from "./findings.ts";

/** Collations that compare text like MongoDB: by its bytes, with trailing spaces. One for each server. */
const EXACT_COLLATIONS: ReadonlySet<string> = new Set(Object.values(TEXT_COLLATIONS));

/** The character sets that encode ASCII characters as ASCII bytes. */
const ASCII_SETS: ReadonlySet<string> = new Set(["ascii", "latin1", "utf8mb3", "utf8", "utf8mb4"]);

/** The capacity of TEXT and BLOB types in bytes (manual, 11.7). */
const LOB_BYTES: Readonly<Record<string, number>> = {
  tiny: 255,
  "": 65_535,
  medium: 16_777_215,
  long: 4_294_967_295,
};

/**
 * Returns the columns of an existing table that do not take every value of the archive, or that would give
 * one back as another text. Wider columns are fine, since someone may have widened them for rows that were
 * refused. The order of columns does not matter.
 */
export function columnProblems(
  { columns: expected, keyColumns, own }: Pick<MysqlTable, "columns" | "keyColumns" | "own">,
  found: readonly ColumnFacts[],
): ColumnProblem[] {
  const byName = new Map(found.map((c) => [c.name.toLowerCase(), c]));
  const problems = expected.flatMap((column): ColumnProblem[] => {
    const facts = byName.get(column.name.toLowerCase());
    if (facts === undefined)
      return [{ column: column.name, why: "missing", expected: column.sqlType, found: "" }];
    const problem = problemOf(column, facts, keyColumns.includes(column.name));
    return problem === undefined ? [] : [problem];
  });
  const names = new Set(expected.map((c) => c.name.toLowerCase()));
  const generated = new Set((own?.generatedColumns ?? []).map((name) => name.toLowerCase()));
  const extra = found
    .filter(
      (c) => !names.has(c.name.toLowerCase()) && !(c.isGenerated && generated.has(c.name.toLowerCase())),
    )
    .map((c): ColumnProblem => ({
      column: c.name,
      why: c.isGenerated ? "extra-generated" : c.hasDefault ? "extra" : "extra-obligatory",
      expected: "",
      found: c.type,
    }));
  return [...problems, ...extra];
}

function problemOf(column: Column, facts: ColumnFacts, isKey: boolean): ColumnProblem | undefined {
  const problem = (why: ColumnProblem["why"], expected = "", found = ""): ColumnProblem => ({
    column: column.name,
    why,
    expected,
    found,
  });
  if (facts.isGenerated) return problem("generated");
  const fit = fitOf(column.sqlType, facts.type);
  if (fit !== undefined) return problem(fit, column.sqlType, facts.type);
  if (!isKey && !facts.isNullable && column.isNullable !== false) return problem("not-null");
  if (column.characterSet !== undefined)
    return facts.characterSet === undefined || isSameSet(column.characterSet, facts.characterSet)
      ? undefined
      : problem("character-set", column.characterSet, facts.characterSet);
  if (facts.characterSet === undefined || !/char|text/.test(column.sqlType)) return undefined;
  if (column.sqlType === "char(24)")
    return ASCII_SETS.has(facts.characterSet)
      ? undefined
      : problem("character-set", "ascii", facts.characterSet);
  if (facts.characterSet !== "utf8mb4") return problem("character-set", "utf8mb4", facts.characterSet);
  return isKey && !EXACT_COLLATIONS.has(facts.collation ?? "")
    ? problem("key-collation", [...EXACT_COLLATIONS].join(" / "), facts.collation)
    : undefined;
}

/** Versions name one of the sets differently. */
export function isSameSet(a: string, b: string): boolean {
  const name = (set: string): string => (set === "utf8" ? "utf8mb3" : set);
  return name(a) === name(b);
}

/** Returns the reason why a type does not take all values of another unchanged; undefined if it does. */
export function fitOf(expected: string, found: string): "narrower" | "other-type" | undefined {
  if (expected === found) return undefined;
  const [want, have] = [typeOf(expected), typeOf(found)];
  if (want.rest !== have.rest) return "other-type";
  switch (want.name) {
    case "tinyint":
    case "int":
    case "bigint":
      return wider(INTEGERS.indexOf(want.name), INTEGERS.indexOf(have.name));
    case "decimal": {
      if (have.name !== "decimal") return "other-type";
      const [wantAll = 10, wantScale = 0] = want.numbers;
      const [haveAll = 10, haveScale = 0] = have.numbers;
      // With more decimals the server returns another text: 1.50 becomes 1.500.
      if (haveScale > wantScale) return "other-type";
      return haveScale < wantScale ? "narrower" : wider(wantAll - wantScale, haveAll - haveScale);
    }
    case "char":
    case "varchar":
    case "text":
      return textFit(want, have);
    case "varbinary":
    case "blob":
      if (have.name !== "varbinary" && have.name !== "blob") return "other-type";
      return wider(want.size, have.size);
    default:
      return "other-type";
  }
}

const INTEGERS: readonly string[] = ["tinyint", "smallint", "mediumint", "int", "bigint"];

/** CHAR strips trailing spaces, so it only fits values that never have any: ObjectIds. */
function textFit(want: SqlType, have: SqlType): "narrower" | "other-type" | undefined {
  if (have.name === "text") return wider(want.name === "text" ? want.size : want.size * 4, have.size);
  if (want.name === "text")
    return have.name === "varchar" || have.name === "char" ? "narrower" : "other-type";
  const isSame = have.name === "varchar" || (have.name === "char" && want.name === "char");
  return isSame ? wider(want.size, have.size) : "other-type";
}

function wider(want: number, have: number): "narrower" | "other-type" | undefined {
  if (have < 0) return "other-type";
  return have < want ? "narrower" : undefined;
}

interface SqlType {
  /** TEXT and BLOB of all sizes have these names. */
  readonly name: string;
  readonly numbers: readonly number[];
  /** The number of characters; of bytes for TEXT and BLOB. */
  readonly size: number;
  /** The rest of the type, such as `unsigned`. */
  readonly rest: string;
}

function typeOf(sqlType: string): SqlType {
  const [, name = "", numberText = "", rest = ""] = /^(\w+)(?:\(([\d,]+)\))?\s*(.*)$/.exec(sqlType) ?? [];
  const numbers = numberText === "" ? [] : numberText.split(",").map(Number);
  const [, length = "", lob] = /^(tiny|medium|long|)(text|blob)$/.exec(name) ?? [];
  return lob === undefined
    ? { name, numbers, size: numbers[0] ?? 1, rest }
    : { name: lob, numbers, size: LOB_BYTES[length]!, rest };
}
