/** A piece of a statement that stands for itself; `text` is its canonical spelling. */
export interface Token {
  readonly kind: "word" | "name" | "text" | "number" | "sign";
  readonly text: string;
  /** Of a word, as it was written. */
  readonly raw?: string;
}

/** What stands between a pair of parentheses. */
export interface Group {
  readonly kind: "group";
  readonly nodes: readonly Node[];
}

export type Node = Token | Group;

/** What the names and words of a statement mean to it. */
export interface Reading {
  /** The database that the statement is made in: a name may say it or not. */
  readonly database: string;
  /** In MySQL X'41' and 0x41 are one kind of literal; in MariaDB only the second is a number where one is wanted. */
  readonly target: "mysql" | "mariadb";
}

/** The marks of a comment with a version are skipped: what stands between them is part of the statement. */
const PIECES =
  /(?<skip>\s+|\/\*M?!\d* ?|\*\/)|(?<text>'(?:[^'\\]|\\.|'')*')|(?<name>`(?:[^`]|``)*`(?:\.`(?:[^`]|``)*`)*)|(?<number>[xXbB]'[\dA-Fa-f]*'|0[xX][\dA-Fa-f]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w$]))|(?<word>@*[\w$\u0080-\uffff]+)|(?<sign><=>|->>|->|<=|>=|<>|!=|<<|>>|\|\||&&|:=|[^\s\w'`])/gsy;

/**
 * Reads a statement in the server's own spelling as a tree of parentheses; undefined
 * where it is not one, and then nothing may be said of it.
 */
export function sqlNodes(statement: string, reading: Reading): readonly Node[] | undefined {
  const own = qualified(reading, statement);
  const open: Node[][] = [[]];
  let end = 0;
  for (const match of statement.matchAll(PIECES)) {
    end += match[0].length;
    const groups = match.groups!;
    if (groups["skip"] !== undefined) continue;
    if (match[0] === "(") open.push([]);
    else if (match[0] === ")") {
      const nodes = open.pop()!;
      if (open.length === 0) return undefined;
      open.at(-1)!.push({ kind: "group", nodes });
    } else open.at(-1)!.push(tokenOf(groups, reading, own));
  }
  return open.length === 1 && end === statement.length ? open[0] : undefined;
}

/** The tree as text; equal trees have equal texts. */
export function textOf(nodes: readonly Node[]): string {
  return nodes.map((n) => (n.kind === "group" ? `(${textOf(n.nodes)})` : n.text)).join(" ");
}

/** A name that may have been written without quotes. */
export function asName(node: Node): Node {
  return node.kind === "word" ? { kind: "name", text: `\`${node.raw ?? node.text}\`` } : node;
}

export function isWord(node: Node | undefined, ...words: readonly string[]): boolean {
  return node?.kind === "word" && words.includes(node.text);
}

export function isSign(node: Node | undefined, sign: string): boolean {
  return node?.kind === "sign" && node.text === sign;
}

function tokenOf(
  { text, name, number, word, sign }: Readonly<Record<string, string | undefined>>,
  { target }: Reading,
  own: string | undefined,
): Token {
  if (text !== undefined) return { kind: "text", text };
  if (name !== undefined)
    return {
      kind: "name",
      text: own !== undefined && name.startsWith(own) ? name.slice(own.length) : name,
    };
  if (number !== undefined) return { kind: "number", text: numberOf(number, target) };
  if (word !== undefined) return { kind: "word", text: wordOf(word.toLowerCase()), raw: word };
  return { kind: "sign", text: sign === "!=" ? "<>" : sign! };
}

function numberOf(number: string, target: Reading["target"]): string {
  const hex = /^[xX]'(.*)'$/.exec(number)?.[1];
  if (hex !== undefined && target === "mysql") return `0x${hex.toLowerCase()}`;
  return number.toLowerCase();
}

/** `utf8` is what older servers call utf8mb3 (MySQL manual, 12.9.2). */
function wordOf(word: string): string {
  return word.replace(/^(_?)utf8(?=$|_(?!mb))/, "$1utf8mb3");
}

/** The own database as a qualifier; undefined where the statement has that name for anything else, such as an alias. */
function qualified({ database }: Reading, statement: string): string | undefined {
  const quoted = `\`${database.replaceAll("`", "``")}\``;
  const isAlone = statement.split(quoted).some((rest, i) => i > 0 && !rest.startsWith("."));
  return isAlone ? undefined : `${quoted}.`;
}
