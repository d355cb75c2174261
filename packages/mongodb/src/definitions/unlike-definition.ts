import { textFields } from "@firebreak/archive";
import type { DefinedCollection } from "./compare-definitions.ts";
import { lineText, type Namespace } from "../driver/namespaces.ts";

/** Defaults that servers add to the options and indexes that they are given. */
const ADDED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["validationLevel", '"strict"'],
  ["validationAction", '"error"'],
]);
const ADDED_TO_INDEX: ReadonlyMap<string, string> = new Map([["v", '{"$numberInt":"2"}']]);

/** Options for the checks of new documents. They do not affect documents that are there already. */
const VALIDATION: ReadonlySet<string> = new Set(["validator", "validationLevel", "validationAction"]);

/** A way in which a collection differs from its definition. Texts are canonical Extended JSON. */
export type Unlikeness =
  /** `validation`: only options for the checks of new documents differ. */
  | { readonly what: "kind" | "options" | "validation"; readonly expected: string; readonly found: string }
  | { readonly what: "index"; readonly name: string; readonly expected: string; readonly found: string }
  | { readonly what: "index-missing"; readonly name: string; readonly expected: string }
  /** An additional index, with its own name and key. */
  | { readonly what: "index-extra"; readonly name: string; readonly found: string };

/**
 * Compares a collection with its definition. The definition need not contain the defaults that servers add.
 * The index on `_id` is ignored, because every collection has it.
 */
export function unlikeDefinition(defined: DefinedCollection, found: Namespace): Unlikeness[] {
  const differences: Unlikeness[] = [];
  if (found.kind !== defined.kind)
    differences.push({ what: "kind", expected: defined.kind, found: found.kind });
  const expected = lineText(defined.options);
  const unlike = unlikeFields(expected, found.optionsText, ADDED_OPTIONS);
  if (unlike.length > 0) {
    const what = unlike.every((name) => VALIDATION.has(name)) ? "validation" : "options";
    differences.push({ what, expected, found: found.optionsText });
  }
  const wanted = defined.indexes.map(lineText).map(namedIndex).filter(isSecondary);
  const there = found.indexTexts.map(namedIndex).filter(isSecondary);
  for (const index of wanted) {
    const { name, text } = index;
    const other = there.find((t) => t.name === name || t.key === index.key);
    if (other === undefined) differences.push({ what: "index-missing", name, expected: text });
    else if (unlikeFields(text, other.text, ADDED_TO_INDEX).length > 0)
      differences.push({ what: "index", name, expected: text, found: other.text });
  }
  for (const { name, key, text } of there)
    if (!wanted.some((w) => w.name === name || w.key === key))
      differences.push({ what: "index-extra", name, found: text });
  return differences;
}

interface NamedIndex {
  /** The name with its quotes, as in the text. */
  readonly name: string;
  readonly key: string;
  readonly text: string;
}

function namedIndex(text: string): NamedIndex {
  const fields = textFields(text);
  return { name: fields.get("name") ?? "", key: fields.get("key") ?? "", text };
}

function isSecondary({ name, text }: NamedIndex): boolean {
  return name !== '"_id_"' && !textFields(text).has("clustered");
}

/** Returns the fields in which two texts differ. A field that only `found` has may be a default. */
function unlikeFields(expected: string, found: string, added: ReadonlyMap<string, string>): string[] {
  const [wanted, there] = [textFields(expected), textFields(found)];
  return [
    ...[...wanted].filter(([name, text]) => there.get(name) !== text),
    ...[...there].filter(([name, text]) => !wanted.has(name) && added.get(name) !== text),
  ].map(([name]) => name);
}
