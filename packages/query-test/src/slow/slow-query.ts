import type { PlanFacts } from "../sides/side.ts";
import type { SideTimes } from "../timing/time-query.ts";
import type { Lookup, TestedQuery } from "../tested-query.ts";

/** The time below which no query counts as slow. */
const FLOOR_MS = 20;

/** A query is slow if the target takes this many times as long as the source. */
const FACTOR = 3;

/** The number of examined rows from which an index counts as too wide. */
const MANY_ROWS = 10_000;

/** Advice about a slow query. Nothing of it is ever done here. */
export type Remedy =
  /** `statement` is missing if the query's columns are not known. */
  | { readonly what: "index-missing"; readonly statement: string | undefined; readonly isGiven: boolean }
  | { readonly what: "many-rows"; readonly examinedRows: number; readonly columns: readonly string[] }
  | { readonly what: "many-statements"; readonly statementCount: number }
  | { readonly what: "server" };

/** A query that is much slower on the target, with the plans of both sides and advice. */
export interface SlowQuery {
  readonly target: PlanFacts;
  readonly source: PlanFacts | undefined;
  readonly remedy: Remedy;
  /** The time limit that ended it on the target. Undefined if it came to its end. */
  readonly endedAfterMs: number | undefined;
}

export function isSlow(source: Pick<SideTimes, "p95Ms">, target: Pick<SideTimes, "p95Ms">): boolean {
  return target.p95Ms > FLOOR_MS && target.p95Ms > FACTOR * source.p95Ms;
}

/** Returns advice by the target's plan: first an index, then a better one, then fewer statements. */
export function remedyFor({ lookup }: Pick<TestedQuery, "lookup">, plan: PlanFacts): Remedy {
  if (!plan.isIndexUsed)
    return {
      what: "index-missing",
      statement: lookup && indexStatement(lookup),
      isGiven: lookup?.isGiven === true,
    };
  const { examinedRows = 0, statementCount } = plan;
  if (examinedRows >= MANY_ROWS)
    return { what: "many-rows", examinedRows, columns: lookup?.columns.map(({ name }) => name) ?? [] };
  return statementCount > 1 ? { what: "many-statements", statementCount } : { what: "server" };
}

/** An index entry holds at most 3,072 bytes, so of a long text only the start is indexed. */
const PREFIX = 191;

function indexStatement({ table, columns }: Lookup): string {
  const quoted = columns.map(({ name, sqlType }) => {
    const column = `\`${name.replaceAll("`", "``")}\``;
    return /text|blob/.test(sqlType) ? `${column}(${PREFIX})` : column;
  });
  return `CREATE INDEX ${columns.map(({ name }) => name.replaceAll(/\W/g, "")).join("_")}_read ON ${table} (${quoted.join(", ")})`;
}
