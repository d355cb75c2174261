import { BSON, EJSON } from "bson";
import type { Db } from "mongodb";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { readTable } from "@firebreak/testing/tables/read-table";

/**
 * What is wrong with a database of tables, given the collections they are of: both are read by the
 * plain drivers, and each document is held against its row. The keys of each collection are of several kinds.
 */
export async function faultsOfTables(db: Db, url: string, tables: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  const collections = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  for (const name of tables)
    if (!collections.includes(name)) faults.push(`table ${name} is of no collection`);
  for (const name of collections) {
    if (!tables.includes(name)) {
      faults.push(`collection ${name} has no table`);
      continue;
    }
    const { rows } = await readTable(url, name);
    const byKey = new Map(rows.map((row) => [row["_id"]!.toString("utf8"), row]));
    const documents = (await db.collection(name).find({}, { raw: true }).toArray()) as unknown as Buffer[];
    if (rows.length !== documents.length)
      faults.push(`${name} has ${documents.length} documents and ${rows.length} rows`);
    for (const document of documents) {
      const key = EJSON.stringify(BSON.deserialize(document)["_id"], { relaxed: false });
      const row = byKey.get(key);
      if (row === undefined) faults.push(`${name} has no row for ${key}`);
      else faults.push(...faultsOf(document, row).map((fault) => `${name} ${key}: ${fault}`));
    }
  }
  return faults;
}
