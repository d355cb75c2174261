import type { ColumnFacts, MysqlManifest, MysqlTable, TableFacts, TargetFacts } from "@firebreak/archive";
import type { Application } from "../application/application.ts";
import type { Finding } from "../load-faults.ts";
import { fitOf, isSameSet } from "./columns.ts";
import type { GivenProblem } from "./findings.ts";

/** The part of a manifest that concerns an application's own tables. */
export type GivenManifest = Pick<MysqlManifest, "target" | "profileFacts" | "tables">;

/**
 * Returns the differences between a target and the one that the rows for its own tables were made for. Tables
 * with the same problem are grouped.
 */
export function givenFindings(
  manifest: GivenManifest,
  found: TargetFacts,
  application: Application,
): Finding[] {
  const { target } = manifest;
  const missing: string[] = [];
  const problems: { readonly table: string; readonly problem: GivenProblem }[] = [];
  for (const table of manifest.tables.filter((t) => t.isGiven === true)) {
    const expected = shapeOf(target, table.table);
    const there = shapeOf(found, table.table);
    if (there === undefined) missing.push(table.table);
    else
      for (const problem of tableProblems(table, expected, there, application.decidingColumns))
        problems.push({ table: table.table, problem });
  }
  const grouped = Map.groupBy(problems, ({ problem }) => JSON.stringify(problem));
  return [
    ...application.findings(manifest, found),
    ...(missing.length === 0 ? [] : [{ what: "given-missing", tables: missing } as const]),
    ...[...grouped.values()].map((same): Finding => ({
      what: "given-differs",
      tables: same.map(({ table }) => table),
      problem: same[0]!.problem,
    })),
  ];
}

function tableProblems(
  table: MysqlTable,
  expected: TableFacts | undefined,
  found: TableFacts,
  decidingColumns: ReadonlySet<string>,
): GivenProblem[] {
  const problems = table.columns.flatMap(({ name, sqlType }): GivenProblem[] => {
    const want = expected?.columns.find((c) => c.name === name);
    const have = found.columns.find((c) => c.name === name);
    const wanted = want === undefined ? sqlType : typeText(want);
    if (have === undefined) return [{ column: name, why: "missing", expected: wanted, found: "" }];
    return columnProblems(name, wanted, want, have, decidingColumns.has(name));
  });
  const named = new Set(table.columns.map((c) => c.name));
  for (const column of found.columns)
    if (!named.has(column.name) && isObligatory(column))
      problems.push({ column: column.name, why: "unfillable", expected: "", found: typeText(column) });
  // Further unique keys could make rows collide.
  const counted = new Set(found.columns.filter((c) => c.isAutoIncrement).map((c) => c.name));
  const known = new Set([...(expected?.uniqueKeys ?? []), keyOf(table)].map((key) => JSON.stringify(key)));
  for (const key of found.uniqueKeys)
    if (!known.has(JSON.stringify(key)) && !key.some((name) => counted.has(name)))
      problems.push({ column: key.join(", "), why: "unique", expected: "", found: "" });
  return problems;
}

function columnProblems(
  column: string,
  wanted: string,
  want: ColumnFacts | undefined,
  have: ColumnFacts,
  isDeciding: boolean,
): GivenProblem[] {
  const type = typeText(have);
  const fit = fitOf(wanted, type);
  if (fit !== undefined) return [{ column, why: fit, expected: wanted, found: type }];
  if (want === undefined) return [];
  const problems: GivenProblem[] = [];
  const differ = (why: GivenProblem["why"], one: string, other: string): void => {
    problems.push({ column, why, expected: one, found: other });
  };
  if (isDeciding && wanted !== type) differ("width", wanted, type);
  const nullText = (isNullable: boolean): string => (isNullable ? "NULL" : "NOT NULL");
  if (want.isNullable !== have.isNullable)
    differ("nullability", nullText(want.isNullable), nullText(have.isNullable));
  const sets = [want.characterSet, have.characterSet] as const;
  if (sets[0] !== undefined && !isSameSet(sets[0], sets[1] ?? ""))
    differ("character-set", sets[0], sets[1] ?? "none");
  else if (want.collation !== undefined && want.collation !== have.collation)
    differ("collation", want.collation, have.collation ?? "none");
  return problems;
}

/** Returns the columns that identify a row. */
function keyOf({ keyColumns, logicalKey }: MysqlTable): readonly string[] {
  return logicalKey ?? keyColumns;
}

function shapeOf(facts: TargetFacts | undefined, table: string): TableFacts | undefined {
  return facts?.shapes.find(({ tables }) => tables.includes(table));
}

/** Returns the type as `column_type` of information_schema.columns has it. */
function typeText({ type, characters, bytes, isUnsigned }: ColumnFacts): string {
  const width = characters ?? (/^(var)?binary$/.test(type) ? bytes : undefined);
  return `${type}${width === undefined ? "" : `(${width})`}${isUnsigned ? " unsigned" : ""}`;
}

function isObligatory({ isNullable, isAutoIncrement, isDefaultExpression, ...column }: ColumnFacts): boolean {
  return !isNullable && !isAutoIncrement && !isDefaultExpression && column.default === undefined;
}
