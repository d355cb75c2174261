import { eachPart, FirebreakError, type StepEvent } from "@firebreak/archive";
import { createIndexes, expireDocuments, mapOf, type MongodbSource } from "@firebreak/mongodb";
import { restoreFault } from "./restore-faults.ts";
import { expires, type PlannedNamespace } from "./restore-plan.ts";

/**
 * Builds the indexes of collections whose documents are proved to be in: one
 * pass over each. From here on the server deletes documents whose time is up,
 * so expiry comes after the proof.
 *
 * @throws {FirebreakError} `indexes-refused`: documents written while the export ran may break a unique index.
 */
export async function* buildIndexes(
  target: MongodbSource,
  planned: readonly PlannedNamespace[],
  jobs: number,
): AsyncGenerator<StepEvent> {
  const expiring = planned.filter(expires).map((p) => p.namespace);
  if (expiring.length > 0) yield { kind: "note", code: "restore-expiry", fields: { namespaces: expiring } };
  const withIndexes = planned.filter((p) => builtIndexes(p).length > 0 || expires(p));
  let done = 0;
  const build = async (p: PlannedNamespace): Promise<void> => {
    await createIndexes(target, p, builtIndexes(p)).catch((error: unknown) => {
      throw asRefused(error, p.namespace);
    });
    await expireDocuments(target, p, p.options);
  };
  for await (const outcome of eachPart(withIndexes, jobs, build)) {
    if (outcome.kind === "done") done++;
    yield { kind: "progress", stage: "indexes", items: done, bytes: 0, totalItems: withIndexes.length };
  }
}

/** The index on `_id`, clustered or not, came with the collection. */
function builtIndexes(planned: PlannedNamespace): Buffer[] {
  return planned.indexes.filter((index) => {
    const map = mapOf(index);
    return map.get("name") !== "_id_" && map.get("clustered") === undefined;
  });
}

function asRefused(error: unknown, namespace: string): unknown {
  if (error instanceof FirebreakError && error.code === "mongodb-failed")
    return restoreFault("indexes-refused", { namespace, reason: String(error.fields["reason"]) }, error);
  return error;
}
