import { notCarried, type NotCarried } from "@firebreak/archive";
import {
  builtIndexes,
  creatableDefinition,
  mapOf,
  type Definition,
  type LeftBehind,
} from "@firebreak/mongodb";

/** A definition that the target accepts, and the parts of the archive's definition that it lacks. */
export interface RestorableDefinition extends Definition {
  readonly notCarried: readonly NotCarried[];
}

/**
 * Makes a definition that the target accepts.
 *
 * @param isWithoutIndexes true if only the indexes that come with the collection itself are kept.
 */
export function restorableDefinition(
  definition: Definition,
  { version, isWithoutIndexes }: { readonly version: string; readonly isWithoutIndexes: boolean },
): RestorableDefinition {
  const { options, indexes, leftBehind } = creatableDefinition(definition, version);
  if (!isWithoutIndexes) return { options, indexes, notCarried: leftBehind.map(notTaken) };
  const built = new Set(builtIndexes({ indexes }));
  return {
    options,
    indexes: indexes.filter((index) => !built.has(index)),
    notCarried: [
      ...leftBehind.filter(({ kind }) => kind === "option").map(notTaken),
      ...builtIndexes(definition).map((index) =>
        notCarried("index", String(mapOf(index).get("name")), "not-asked"),
      ),
    ],
  };
}

function notTaken({ kind, name, index }: LeftBehind): NotCarried {
  return kind === "index-option"
    ? notCarried("index", index!, "without-option", name)
    : notCarried(kind, name, "not-taken");
}
