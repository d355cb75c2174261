import { textFields } from "@firebreak/archive";
import type { DefinedCollection } from "./compare-definitions.ts";
import { lineText, type Namespace } from "./namespaces.ts";

/** What servers add to the options and indexes that they are given, each the default. */
const ADDED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["validationLevel", '"strict"'],
  ["validationAction", '"error"'],
]);
const ADDED_TO_INDEX: ReadonlyMap<string, string> = new Map([["v", '{"$numberInt":"2"}']]);

/** A way in which a collection is not what was asked for; texts are canonical Extended JSON. */
export type Unlikeness =
  | { readonly what: "kind" | "options"; readonly expected: string; readonly found: string }
  | { readonly what: "index"; readonly name: string; readonly expected: string; readonly found: string }
  | { readonly what: "index-missing"; readonly name: string; readonly expected: string }
  /** One more than was asked for, under a name and with a key of its own. */
  | { readonly what: "index-extra"; readonly name: string; readonly found: string };

/**
 * Compares a collection with its definition, which need not say what servers
 * add by themselves. The index on `_id` is every collection's.
 */
export function unlikeDefinition(defined: DefinedCollection, found: Namespace): Unlikeness[] {
  const differences: Unlikeness[] = [];
  if (found.kind !== defined.kind)
    differences.push({ what: "kind", expected: defined.kind, found: found.kind });
  const expected = lineText(defined.options);
  if (!isLike(expected, found.optionsText, ADDED_OPTIONS))
    differences.push({ what: "options", expected, found: found.optionsText });
  const wanted = defined.indexes.map(lineText).map(namedIndex).filter(isSecondary);
  const there = found.indexTexts.map(namedIndex).filter(isSecondary);
  for (const index of wanted) {
    const { name, text } = index;
    const other = there.find((t) => t.name === name || t.key === index.key);
    if (other === undefined) differences.push({ what: "index-missing", name, expected: text });
    else if (!isLike(text, other.text, ADDED_TO_INDEX))
      differences.push({ what: "index", name, expected: text, found: other.text });
  }
  for (const { name, key, text } of there)
    if (!wanted.some((w) => w.name === name || w.key === key))
      differences.push({ what: "index-extra", name, found: text });
  return differences;
}

interface NamedIndex {
  /** As the text has it, in quotes. */
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

/** Whether one says all that the other does, and nothing but defaults besides. */
function isLike(expected: string, found: string, added: ReadonlyMap<string, string>): boolean {
  const [wanted, there] = [textFields(expected), textFields(found)];
  for (const [name, text] of wanted) if (there.get(name) !== text) return false;
  for (const [name, text] of there) if (!wanted.has(name) && added.get(name) !== text) return false;
  return true;
}
