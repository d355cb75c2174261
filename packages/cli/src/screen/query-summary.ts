import type { QueryResult } from "@firebreak/query-test";

type Queries = readonly QueryResult[] | undefined;

/** Returns true if the answers to a query differ. */
export function haveDifferences(queries: Queries): boolean {
  return queries?.some(({ answersEqual }) => !answersEqual) === true;
}

/**
 * Returns the queries' part of the summary, with the warm times over one connection. Nothing if the command
 * ran no queries.
 */
export function querySummary(queries: Queries): { readonly queries?: readonly object[] } {
  const times = ({ p50Ms, p95Ms, p99Ms }: QueryResult["source"]): object => ({ p50Ms, p95Ms, p99Ms });
  if (queries === undefined) return {};
  return {
    queries: queries.map(({ name, source, target, answersEqual }) => ({
      name,
      source: times(source),
      target: times(target),
      answersEqual,
    })),
  };
}
