import { join } from "node:path";
import type { Document } from "mongodb";
import { fillCollection } from "@firebreak/fixtures";
import { mongodbDatabase } from "../servers/databases.ts";
import { exported } from "../recipes/exported.ts";
import { well } from "../recipes/outcome.ts";
import { transformed } from "../recipes/transformed.ts";

export interface ArchiveRecipe {
  /** Name of the database at the source, which is gone when the archive is made. */
  readonly database: string;
  readonly collections: Readonly<Record<string, Iterable<Document>>>;
  readonly isTransformed?: boolean;
  readonly options?: Parameters<typeof exported>[2];
}

/** Exports these documents, and transforms the archive unless told not to; `parent/archive` is made. */
export async function makeArchive(parent: string, recipe: ArchiveRecipe): Promise<string> {
  const { database, collections, isTransformed = true, options } = recipe;
  const archive = join(parent, "archive");
  await using source = await mongodbDatabase(database);
  for (const [name, documents] of Object.entries(collections))
    await fillCollection(source.db.collection(name), documents);
  await well(exported(archive, source.url, options));
  if (isTransformed) await well(transformed(archive));
  return archive;
}
