/** A single piece of a statement. `text` is its canonical spelling. */
export interface Token {
  readonly kind: "word" | "name" | "text" | "number" | "sign";
  readonly text: string;
  /** The original spelling of a word. */
  readonly raw?: string;
}

/** The nodes between a pair of parentheses. */
export interface Group {
  readonly kind: "group";
  readonly nodes: readonly Node[];
}

export type Node = Token | Group;

/** The context that decides what the names and words of a statement mean. */
export interface Reading {
  /** The database in which the statement is made. Names may include it or not. */
  readonly database: string;
  /**
   * In MySQL, X'41' and 0x41 are the same kind of literal. In MariaDB, only the second is a number
   * where a number is wanted.
   */
  readonly target: "mysql" | "mariadb";
}

/**
 * Matches a piece. It skips the marks of a version comment: the text between them belongs to the
 * statement.
 */
const PIECES =
  /(?<skip>\s+|\/\*M?!\d* ?|\*\/)|(?<text>'(?:[^'\\]|\\.|'')*')|(?<name>`(?:[^`]|``)*`(?:\.`(?:[^`]|``)*`)*)|(?<number>[xXbB]'[\dA-Fa-f]*'|0[xX][\dA-Fa-f]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w$]))|(?<word>@*[\w$\u0080-\uffff]+)|(?<sign><=>|->>|->|<=|>=|<>|!=|<<|>>|\|\||&&|:=|[^\s\w'`])/gsy;

/**
 * Reads a statement in the server's own spelling as a tree of parentheses. Returns undefined if it
 * is not such a statement; nothing may be concluded from it then.
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

/** Returns the tree as text. Equal trees have equal texts. */
export function textOf(nodes: readonly Node[]): string {
  return nodes.map((n) => (n.kind === "group" ? `(${textOf(n.nodes)})` : n.text)).join(" ");
}

/** Returns a node as a quoted name, since it may have been written without quotes. */
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

/** Renames `utf8`, which is what older servers call utf8mb3 (MySQL manual, 12.9.2). */
function wordOf(word: string): string {
  return word.replace(/^(_?)utf8(?=$|_(?!mb))/, "$1utf8mb3");
}

/**
 * Returns the statement's own database as a qualifier. Undefined if the statement uses that name
 * for anything else, such as an alias.
 */
function qualified({ database }: Reading, statement: string): string | undefined {
  const quoted = `\`${database.replaceAll("`", "``")}\``;
  const isAlone = statement.split(quoted).some((rest, i) => i > 0 && !rest.startsWith("."));
  return isAlone ? undefined : `${quoted}.`;
}
