import { EJSON } from "bson";
import type { Db, Document } from "mongodb";
import type { Connection, RowDataPacket } from "mysql2/promise";

/** One text of a document, whatever the order of its fields. */
export function textOfDocument(document: Document): string {
  const fields = Object.entries(document).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return EJSON.stringify(Object.fromEntries(fields), { relaxed: false });
}

/** The documents of all collections whose names begin so, by collection. */
export async function documentsOf(
  mongodb: Db,
  prefix: string,
): Promise<ReadonlyMap<string, readonly Document[]>> {
  const found = new Map<string, readonly Document[]>();
  for (const { name } of await mongodb.listCollections({}, { nameOnly: true }).toArray())
    if (name.startsWith(prefix)) {
      const collection = mongodb.collection(name);
      found.set(name, await collection.find({}, { promoteValues: false, promoteBuffers: false }).toArray());
    }
  return found;
}

export type TextRow = Readonly<Record<string, string | null>>;

/** The rows of a table, every value as text (of bytes in base64), in the order of its `id` or key. */
export async function rowsOf(mysql: Connection, table: string): Promise<TextRow[]> {
  const [rows] = await mysql.query<RowDataPacket[]>({
    sql: "SELECT * FROM ?? ORDER BY 1, 2",
    values: [table],
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  } as Parameters<Connection["query"]>[0]);
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row as Record<string, string | number | Buffer | null>).map(([name, value]) => {
        if (value === null) return [name, null];
        return [name, Buffer.isBuffer(value) ? value.toString("base64") : `${value}`];
      }),
    ),
  );
}
