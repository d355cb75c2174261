import { isSign, isWord, type Node } from "./sql-nodes.ts";

/**
 * The precedence of operators, loosest first. It is the same in both servers (MySQL manual, 14.4.1;
 * MariaDB, Operator Precedence).
 */
export const BINDING = {
  or: 1,
  xor: 2,
  and: 3,
  not: 4,
  comparison: 5,
  "|": 6,
  "&": 7,
  shift: 8,
  sum: 9,
  product: 10,
  "^": 11,
  unary: 12,
  collate: 13,
} as const;

const SIGNS: Readonly<Record<string, number>> = {
  "=": BINDING.comparison,
  "<=>": BINDING.comparison,
  "<": BINDING.comparison,
  "<=": BINDING.comparison,
  ">": BINDING.comparison,
  ">=": BINDING.comparison,
  "<>": BINDING.comparison,
  "|": BINDING["|"],
  "&": BINDING["&"],
  "<<": BINDING.shift,
  ">>": BINDING.shift,
  "+": BINDING.sum,
  "-": BINDING.sum,
  "*": BINDING.product,
  "/": BINDING.product,
  "%": BINDING.product,
  "^": BINDING["^"],
  "~": BINDING.unary,
};

const WORDS: Readonly<Record<string, number>> = {
  or: BINDING.or,
  xor: BINDING.xor,
  and: BINDING.and,
  is: BINDING.comparison,
  like: BINDING.comparison,
  escape: BINDING.comparison,
  regexp: BINDING.comparison,
  rlike: BINDING.comparison,
  in: BINDING.comparison,
  between: BINDING.comparison,
  div: BINDING.product,
  mod: BINDING.product,
  collate: BINDING.collate,
};

/** Words after which an expression begins. */
const BEFORE: ReadonlySet<string> = new Set(
  "select distinct where on having by when then else case interval".split(" "),
);

/** Words before which an expression ends. */
const AFTER: ReadonlySet<string> = new Set(
  (
    "from where group having order limit asc desc as union except intersect on join left right inner cross " +
    "when then else end separator rows range microsecond second minute hour day week month quarter year " +
    "second_microsecond minute_microsecond minute_second hour_microsecond hour_second hour_minute " +
    "day_microsecond day_second day_minute day_hour year_month"
  ).split(" "),
);

/** Returns true if an expression ends before this node. */
export function endsExpression(node: Node | undefined): boolean {
  return node === undefined || isSign(node, ",") || (node.kind === "word" && AFTER.has(node.text));
}

/** Words that enclose a value as parentheses do. */
const PAIRS = {
  open: new Set(["case", "interval"]),
  close: /^end$|^(?:micro)?second|^minute|^hour|^day|^week$|^month$|^quarter$|^year/,
};

/** Returns the depth of the next node within such words. */
export function stepInto(node: Node, depth: number): number {
  if (node.kind !== "word") return depth;
  if (PAIRS.open.has(node.text)) return depth + 1;
  return depth > 0 && PAIRS.close.test(node.text) ? depth - 1 : depth;
}

/** The role of a node among its neighbours. */
export type Role =
  | { readonly is: "operator"; readonly binding: number; readonly isPrefix: boolean }
  | { readonly is: "value" | "comma" | "before" | "after" | "unknown" };

/** Returns the role of each node of a level. It assumes nothing about words that it does not know. */
export function rolesOf(nodes: readonly Node[]): readonly Role[] {
  const roles: Role[] = [];
  let betweens = 0;
  for (const [i, node] of nodes.entries()) {
    if (isWord(node, "between")) betweens++;
    if (isWord(node, "and") && betweens > 0) {
      betweens--;
      roles.push({ is: "operator", binding: BINDING.comparison, isPrefix: false });
    } else roles.push(roleOf(nodes, i, roles.at(-1)));
  }
  return roles;
}

function roleOf(nodes: readonly Node[], i: number, before: Role | undefined): Role {
  const node = nodes[i]!;
  switch (node.kind) {
    case "group":
    case "name":
    case "text":
    case "number":
      return { is: "value" };
    case "sign": {
      if (node.text === ",") return { is: "comma" };
      const isPrefix = before?.is !== "value";
      if (node.text === "~" || (node.text === "-" && isPrefix))
        return { is: "operator", binding: BINDING.unary, isPrefix: true };
      const binding = SIGNS[node.text];
      return binding === undefined ? { is: "unknown" } : { is: "operator", binding, isPrefix: false };
    }
    case "word":
      return ofWord(nodes, i, node.text);
  }
}

function ofWord(nodes: readonly Node[], i: number, word: string): Role {
  const next = nodes[i + 1];
  if (word === "not")
    return isWord(nodes[i - 1], "is") || isWord(next, "in", "like", "between", "regexp", "rlike")
      ? { is: "operator", binding: BINDING.comparison, isPrefix: false }
      : { is: "operator", binding: BINDING.not, isPrefix: true };
  const binding = WORDS[word];
  // `mod (a, b)` is a function, too.
  if (binding !== undefined && !(word === "mod" && isCommaList(next)))
    return { is: "operator", binding, isPrefix: false };
  if (BEFORE.has(word)) return { is: "before" };
  // This is a function, or the character set of a text.
  if (next?.kind === "group" || (word.startsWith("_") && next?.kind === "text")) return { is: "value" };
  if (word === "end" && !isWord(next, "if")) return { is: "value" };
  if (AFTER.has(word)) return { is: "after" };
  return /^(null|true|false|unknown|current_timestamp)$/.test(word) || isWord(nodes[i - 1], "collate")
    ? { is: "value" }
    : { is: "unknown" };
}

function isCommaList(node: Node | undefined): boolean {
  return node?.kind === "group" && node.nodes.some((n) => isSign(n, ","));
}
