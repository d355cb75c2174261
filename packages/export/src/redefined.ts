import type { SourceSchema } from "@firebreak/mysql";

/**
 * The first table, view or database that is defined otherwise in two looks at a
 * source; undefined where all are the same. Counters go on with every row that
 * is written: they are no definition.
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
