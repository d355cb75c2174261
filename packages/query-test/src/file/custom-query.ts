import type { AnswerRow, FoundDocument, FoundRows, QueryCase, TestedQuery } from "../tested-query.ts";
import { columnText, documentText } from "./named-values.ts";
import type { OneSelect } from "./one-select.ts";
import { sqlValue, withParameters } from "./parameters.ts";
import type { FileQuery } from "./queries-schema.ts";

/** Makes a query of a file, which compares documents and rows by the names of fields and columns. */
export function customQuery(query: FileQuery, { sql }: OneSelect): TestedQuery {
  const { name, ordered, parameters } = query;
  return { name, isOrdered: ordered, cases: parameters.map((values) => customCase(query, sql, values)) };
}

function customCase({ source }: FileQuery, sql: string, values: readonly unknown[]): QueryCase {
  const { collection: namespace, filter, sort, limit, projection } = source;
  const dot = namespace.indexOf(".");
  const find = {
    database: namespace.slice(0, dot),
    collection: namespace.slice(dot + 1),
    filter: withParameters(filter, values),
    ...(sort === undefined ? {} : { sort }),
    ...(limit === undefined ? {} : { limit }),
    ...(projection === undefined ? {} : { projection }),
  };
  return {
    parameters: Object.fromEntries(values.map((value, i) => [`parameter ${i + 1}`, JSON.stringify(value)])),
    mongodb: async (ask) => {
      const { documents, count } = await ask(find);
      return { rows: documents.map(documentRow), isWhole: limit === undefined || count < limit };
    },
    mysql: async (ask) => {
      const found = await ask({ sql, values: values.map(sqlValue) });
      return { rows: columnRows(found), isWhole: limit === undefined || found.count < limit };
    },
  };
}

/** Missing fields and nulls are left out, as are columns that are NULL. */
function documentRow({ fields }: FoundDocument): AnswerRow {
  const row = new Map<string, string>();
  for (let i = 0; i < fields.count; i++) {
    const text = documentText(fields.text(i));
    if (text !== null) row.set(fields.names[i]!, text);
  }
  return row;
}

function columnRows({ rows, kinds }: FoundRows): AnswerRow[] {
  return rows.map(
    (found) =>
      new Map(
        [...found].flatMap(([name, bytes]) =>
          bytes === null ? [] : [[name, columnText(kinds.get(name) ?? "text", bytes)] as const],
        ),
      ),
  );
}
