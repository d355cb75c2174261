import type { SourceSchema } from "@firebreak/mysql";

/**
 * Returns the first table, view or database whose definition differs between two looks at a source; undefined
 * if all are the same. Counters are no part of a definition, since every row that is written moves them.
 */
export function redefined(before: SourceSchema, after: SourceSchema): string | undefined {
  const definitions = definitionsOf(before);
  const found = definitionsOf(after);
  for (const name of [...definitions.keys(), ...found.keys()])
    if (definitions.get(name) !== found.get(name)) return name;
  return undefined;
}

function definitionsOf({ tables, databases }: SourceSchema): Map<string, string> {
  return new Map([
    ...tables.map(({ namespace, kind, engine, table }): [string, string] => [
      namespace,
      JSON.stringify({
        kind,
        engine,
        ...table,
        createStatement: table.createStatement.replace(/ AUTO_INCREMENT=\d+/, ""),
      }),
    ]),
    ...databases.map(({ sequences, ...database }): [string, string] => [
      database.database,
      JSON.stringify({ ...database, sequences: sequences.map((s) => s.createStatement) }),
    ]),
  ]);
}
