import { eachPart, type StepEvent } from "@firebreak/archive";
import { mapOf } from "../../driver/bson-map.ts";
import type { DefinedCollection } from "../../definitions/compare-definitions.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import { createIndexes, expireDocuments } from "./create-collection.ts";
import type { Definition } from "../../definitions/definition.ts";
import { refusalOf } from "../../driver/mongodb-faults.ts";

type Indexed = DefinedCollection & { readonly collection: string };

/**
 * Builds the indexes of collections whose documents are proved to be in, in one pass over each collection.
 *
 * From here on the server deletes expired documents, so expiry is set after the proof.
 *
 * @throws {FirebreakError} `indexes-refused`: documents written while the export ran may break a unique
 * index.
 */
export async function* buildIndexes(
  target: MongodbSource,
  collections: readonly Indexed[],
  jobs: number,
): AsyncGenerator<StepEvent> {
  const withIndexes = collections.filter((c) => builtIndexes(c).length > 0 || expires(c));
  let done = 0;
  const build = async (defined: Indexed): Promise<void> => {
    const { namespace } = defined;
    await createIndexes(target, defined, builtIndexes(defined)).catch((error: unknown) => {
      throw refusalOf(error, "indexes-refused", namespace);
    });
    await expireDocuments(target, defined, defined.options);
  };
  for await (const outcome of eachPart(withIndexes, jobs, build)) {
    if (outcome.kind === "done") done++;
    yield { kind: "progress", stage: "indexes", items: done, bytes: 0, totalItems: withIndexes.length };
  }
}

/** Returns the indexes to build: all but the one on `_id` (clustered or not), made with the collection. */
export function builtIndexes({ indexes }: Pick<Definition, "indexes">): Buffer[] {
  return indexes.filter((index) => {
    const map = mapOf(index);
    return map.get("name") !== "_id_" && map.get("clustered") === undefined;
  });
}

/** True if the server is to delete this collection's documents when they expire. */
export function expires({ options, indexes }: Definition): boolean {
  return [options, ...indexes].some((d) => mapOf(d).has("expireAfterSeconds"));
}
