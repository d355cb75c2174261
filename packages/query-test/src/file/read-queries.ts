import { asObject, reasonOf, type Reason } from "@firebreak/archive";
import { parse } from "yaml";
import type { ZodError } from "zod";
import { queryTestFault, queryTestReason } from "../query-test-faults.ts";
import type { TestedQuery } from "../tested-query.ts";
import { customQuery } from "./custom-query.ts";
import { oneSelect } from "./one-select.ts";
import { queriesSchema } from "./queries-schema.ts";

/**
 * Reads a file of queries, which is YAML.
 *
 * @param file names the file in messages.
 * @throws {FirebreakError} `queries-file`, which names the entry and the key.
 */
export function readQueries(file: string, text: string): TestedQuery[] {
  const value = parsed(file, text);
  const checked = queriesSchema.safeParse(value);
  if (!checked.success) throw schemaFault(file, value, checked.error);
  const names = new Set<string>();
  return checked.data.queries.map((query) => {
    const refuse = (key: string, reason: Reason): never => {
      throw queryTestFault("queries-file", { file, entry: query.name, key, reason });
    };
    if (names.has(query.name)) refuse("name", queryTestReason("query-name-twice", { name: query.name }));
    names.add(query.name);
    const select = oneSelect(query.target.sql) ?? refuse("target.sql", queryTestReason("not-one-select"));
    for (const [i, { length: found }] of query.parameters.entries())
      if (found !== select.parameterCount)
        refuse(
          `parameters.${i}`,
          queryTestReason("parameter-count", { expected: select.parameterCount, found }),
        );
    for (const number of parametersIn(query.source.filter))
      if (!(Number.isInteger(number) && Number(number) >= 1 && Number(number) <= select.parameterCount))
        refuse("source.filter", queryTestReason("parameter-unknown", { name: String(number) }));
    return customQuery(query, select);
  });
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw queryTestFault(
      "queries-file",
      { file, entry: undefined, key: undefined, reason: reasonOf(error) },
      error,
    );
  }
}

function schemaFault(file: string, value: unknown, error: ZodError): Error {
  const [issue] = error.issues;
  const [list, at, ...key] = issue?.path ?? [];
  const isOfEntry = list === "queries" && typeof at === "number";
  return queryTestFault(
    "queries-file",
    {
      file,
      entry: isOfEntry ? entryName(value, at) : undefined,
      key: isOfEntry ? key.join(".") : (issue?.path ?? []).join("."),
      reason: issue?.message ?? "",
    },
    error,
  );
}

/** Returns the name of an entry that is not as it should be, or its number. */
function entryName(value: unknown, at: number): string {
  const { queries } = asObject(value);
  const entry: unknown = Array.isArray(queries) ? queries[at] : undefined;
  const { name } = asObject(entry);
  return typeof name === "string" && name !== "" ? name : `number ${at + 1}`;
}

/** Yields the numbers of all parameters in a filter. */
function* parametersIn(value: unknown): Generator {
  if (typeof value !== "object" || value === null) return;
  if ("$parameter" in value) yield value.$parameter;
  else for (const inner of Object.values(value)) yield* parametersIn(inner);
}
