import { columnForm, defaultCollation } from "./column-form.ts";
import { plainWords } from "./plain-words.ts";
import { withoutSpare } from "./spare-parentheses.ts";
import { isSign, isWord, type Node, textOf } from "./sql-nodes.ts";

/**
 * Returns a table's statement in a form that is the same for all spellings of it. Undefined if it
 * does not have the shape of such a statement.
 */
export function tableForm(nodes: readonly Node[], isCrossing: boolean): string | undefined {
  const [create, table, name, definitions, ...rest] = nodes;
  if (!isWord(create, "create") || !isWord(table, "table") || name?.kind !== "name") return undefined;
  if (definitions?.kind !== "group") return undefined;
  const partitionAt = rest.findIndex((n) => isWord(n, "partition"));
  const options = optionsOf(partitionAt < 0 ? rest : rest.slice(0, partitionAt));
  const collation = options.get("collate") ?? defaultCollation(options.get("charset") ?? "");
  options.set("collate", collation);
  options.delete("charset");
  const columns: string[] = [];
  const others: string[] = [];
  for (const definition of listOf(definitions.nodes)) {
    const [first] = definition;
    if (first?.kind === "name") {
      const { column, checks } = columnForm(definition, collation, isCrossing);
      columns.push(column);
      others.push(...checks);
    } else others.push(constraintForm(definition, name.text, isCrossing));
  }
  // The order of columns counts; the order of keys and constraints does not.
  return [
    name.text,
    ...columns,
    ...others.sort(),
    ...[...options].map(([key, value]) => `${key} = ${value}`).sort(),
    ...(partitionAt < 0 ? [] : [partitionForm(rest.slice(partitionAt))]),
  ].join("\n");
}

/** Splits nodes at their commas. */
function listOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const list: Node[][] = [[]];
  for (const node of nodes)
    if (isSign(node, ",")) list.push([]);
    else list.at(-1)!.push(node);
  return list;
}

/**
 * Reads options in any order, with `DEFAULT CHARSET` as `charset`. Words without an equals sign are
 * an option by themselves.
 */
function optionsOf(nodes: readonly Node[]): Map<string, string> {
  const options = new Map<string, string>();
  let loose: Node[] = [];
  const endLoose = (): void => {
    if (loose.length > 0) options.set(textOf(loose), "");
    loose = [];
  };
  for (let i = 0; i < nodes.length; i++) {
    if (!isSign(nodes[i + 1], "=") || nodes[i + 2] === undefined) {
      if (!(isWord(nodes[i], "default") && isWord(nodes[i + 1], "charset"))) loose.push(nodes[i]!);
      continue;
    }
    // An example is DATA DIRECTORY=.
    const before = isWord(loose.at(-1), "data", "index") ? [loose.pop()!] : [];
    endLoose();
    options.set(textOf([...before, nodes[i]!]), textOf([nodes[i + 2]!]));
    i += 2;
  }
  endLoose();
  return options;
}

/**
 * Returns the form of a key or constraint. In InnoDB, RESTRICT, NO ACTION and no clause are the
 * same (MySQL manual, 15.1.24.5).
 */
function constraintForm(nodes: readonly Node[], table: string, isCrossing: boolean): string {
  const text = textOf(withoutSpare(plainWords(nodes))).replaceAll(
    / on (?:delete|update) (?:restrict|no action)(?=$| on )/g,
    "",
  );
  if (!isCrossing) return text;
  // Each server makes its own names for checks that were given none.
  const name = /^constraint `((?:[^`]|``)*)` (?=check )/.exec(text);
  const isOwn = (given: string): boolean =>
    /^CONSTRAINT_\d+$/.test(given) ||
    (given.startsWith(table.slice(1, -1)) && /^_chk_\d+$/.test(given.slice(table.length - 2)));
  return name !== null && isOwn(name[1]!) ? text.slice(name[0].length) : text;
}

/**
 * Returns the form of partitions. Their names, and those of columns, are the same in any case, with
 * quotes or without.
 */
function partitionForm(nodes: readonly Node[]): string {
  const bare = (some: readonly Node[]): readonly Node[] =>
    some.map((n): Node => {
      if (n.kind === "group") return { ...n, nodes: bare(n.nodes) };
      return n.kind === "name" ? { kind: "word", text: n.text.slice(1, -1).toLowerCase() } : n;
    });
  return textOf(bare(withoutSpare(plainWords(nodes))));
}
