import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { firebreak, type Outcome } from "../command-line.ts";
import { insertBytes } from "@firebreak/testing/documents/insert-bytes";
import { urlOf } from "@firebreak/testing/servers/databases";

/** The namespaces and tables of `mysql/manifest.json`, as far as tests read it. */
interface Manifest {
  readonly tables: readonly {
    readonly namespace: string;
    readonly table: string;
    readonly extra?: readonly { readonly column: string; readonly reason: string; readonly values: number }[];
  }[];
  readonly namespaces: readonly {
    readonly namespace: string;
    readonly mappedCount: number;
    readonly quarantinedCount: number;
    readonly quarantine: readonly { readonly file: string }[];
  }[];
}

/** Collections that were inserted into MongoDB, exported and transformed: ready to be loaded anywhere. */
export interface Journey {
  readonly archive: string;
  readonly exported: Outcome;
  readonly transformed: Outcome;
  readonly manifest: Manifest;
  tableOf(collection: string): string;
  /** Removes the archive and the source. */
  end(): Promise<void>;
}

export type Collections = ReadonlyMap<string, readonly Buffer[]>;

/** Takes collections through export and transform; `prepare` may make some of them in a way of its own. */
export async function journeyOf(
  database: string,
  collections: Collections,
  prepare: (client: MongoClient) => Promise<void> = async () => undefined,
): Promise<Journey> {
  const client = await MongoClient.connect(urlOf("mongodb"));
  await client.db(database).dropDatabase();
  await prepare(client);
  for (const [name, documents] of collections)
    for (const batch of batches(documents)) await insertBytes(urlOf("mongodb"), database, name, batch);
  const folder = await mkdtemp(join(tmpdir(), `${database}-`));
  const archive = join(folder, "archive");
  const exported = await firebreak("export", { archive, mongodbUrl: urlOf("mongodb", database) });
  const transformed = await firebreak("transform", { archive });
  const text = await readFile(join(archive, "mysql", "manifest.json"), "utf8").catch(() => undefined);
  const manifest =
    text === undefined ? { tables: [], namespaces: [] } : (JSON.parse(text) as unknown as Manifest);
  return {
    archive,
    exported,
    transformed,
    manifest,
    tableOf: (collection) => {
      const table = manifest.tables.find((t) => t.namespace === `${database}.${collection}`);
      if (table === undefined) throw new Error(`no table was made of ${collection}`);
      return table.table;
    },
    end: async () => {
      await client.db(database).dropDatabase();
      await client.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A message of MongoDB's protocol has at most 48,000,000 bytes. */
function* batches(documents: readonly Buffer[]): Generator<Buffer[]> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (const document of documents) {
    if (batch.length > 0 && bytes + document.length > 40_000_000) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(document);
    bytes += document.length;
  }
  if (batch.length > 0) yield batch;
}
