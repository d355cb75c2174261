import { asObject, readCollectionFile, textFields, type SourceNamespace } from "@firebreak/archive";
import type { SourceIndex } from "../tables/index-plan.ts";
import type { Pass } from "../lines/passes.ts";

/** The definition of a collection: everything except its documents. */
export interface SourceDefinition {
  readonly indexes: readonly SourceIndex[];
  /** The options in canonical Extended JSON. */
  readonly optionsText: string;
}

/**
 * Reads a collection's options and indexes as they were at the source. Throws as `readCollectionFile` does.
 */
export async function sourceDefinition(
  { archive, keys }: Pick<Pass, "archive" | "keys">,
  ns: Pick<SourceNamespace, "metadata">,
): Promise<SourceDefinition> {
  const { optionsText, indexTexts } = await readCollectionFile(archive, ns, keys.identities);
  const indexes = indexTexts.map((text) => {
    const fields = [...textFields(textFields(text).get("key") ?? "{}")];
    const key = new Map(fields.map(([name, value]): [string, unknown] => [name, JSON.parse(value)]));
    const index = asObject(JSON.parse(text));
    return { ...index, name: String(index["name"]), unique: index["unique"] === true, key };
  });
  return { indexes, optionsText };
}
