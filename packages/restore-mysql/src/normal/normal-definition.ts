import type { ObjectKind } from "../restore-mysql-faults.ts";
import { columnForm } from "./column-form.ts";
import { plainWords } from "./plain-words.ts";
import { withoutSpare } from "./spare-parentheses.ts";
import { asName, isSign, isWord, sqlNodes, textOf, type Node, type Reading } from "./sql-nodes.ts";
import { tableForm } from "./table-form.ts";

/** The place of a definition. `isCrossing` is true if it came from a server of the other kind. */
export interface Place extends Reading {
  readonly isCrossing: boolean;
}

/**
 * Returns a definition in a form that is the same for all spellings that a server may give it, and
 * different for definitions that mean different things. A statement of an unknown shape is its own
 * form.
 */
export function normalDefinition(kind: ObjectKind, statement: string, place: Place): string {
  const { isCrossing } = place;
  switch (kind) {
    case "table":
      return form(statement, place, (nodes) => tableForm(nodes, isCrossing));
    case "view":
    case "sequence":
      return form(statement, place, (nodes) => textOf(withoutSpare(plainWords(withTableNames(nodes)))));
    case "function":
      return functionForm(statement, place, isCrossing);
    case "procedure":
    case "library":
    case "event":
      return statement;
    case "trigger":
      return triggerForm(statement, place);
  }
}

function form(statement: string, place: Place, of: (nodes: readonly Node[]) => string | undefined): string {
  const nodes = sqlNodes(statement, place);
  return (nodes === undefined ? undefined : of(nodes)) ?? statement;
}

/** Quotes the names of tables in a WITH, which MariaDB writes without quotes. */
function withTableNames(nodes: readonly Node[]): readonly Node[] {
  let isHead = false;
  return nodes.map((node, i): Node => {
    if (isWord(node, "with")) isHead = true;
    if (isWord(node, "select")) isHead = false;
    const [next, second, third] = nodes.slice(i + 1, i + 4);
    const isNamed = isWord(next, "as")
      ? second?.kind === "group"
      : next?.kind === "group" && isWord(second, "as") && third?.kind === "group";
    if (node.kind === "group") return { ...node, nodes: withTableNames(node.nodes) };
    return isHead && isNamed ? asName(node) : node;
  });
}

/** Matches the server's part of a function: what it returns. Its author wrote the parameters and the body. */
const RETURNS = /^(CREATE [^\n]*? FUNCTION `(?:[^`]|``)*`\([^\n]*\) RETURNS )([^\n]*)(?=\n)/;

function functionForm(statement: string, place: Place, isCrossing: boolean): string {
  return statement.replace(RETURNS, (_, head: string, type: string) => {
    const nodes = sqlNodes(type, place);
    return nodes === undefined || nodes.length === 0
      ? head + type
      : head + columnForm([{ kind: "name", text: "" }, ...nodes], "", isCrossing).column;
  });
}

/** Matches the part before a trigger's body. MariaDB keeps it as its author wrote it; MySQL respells it. */
const TRIGGER = /^(CREATE\b.*?\bTRIGGER\b.*?)\s+FOR\s+EACH\s+ROW\b\s*/is;

function triggerForm(statement: string, place: Place): string {
  return statement.replace(TRIGGER, (whole, head: string) => {
    const nodes = sqlNodes(head, place);
    return nodes === undefined ? whole : `${textOf(withOwnNames(nodes, place))} for each row `;
  });
}

/** Quotes the names of the trigger and of its table, and removes their own database. */
function withOwnNames(nodes: readonly Node[], { database }: Place): readonly Node[] {
  const own = `\`${database.replaceAll("`", "``")}\``;
  const isNamed = (i: number): boolean =>
    isWord(nodes[i - 1], "trigger", "exists", "on") && !isWord(nodes[i], "if");
  const isOwn = (i: number): boolean =>
    isNamed(i) && isSign(nodes[i + 1], ".") && textOf([asName(nodes[i]!)]) === own;
  return nodes
    .map((node, i) => (isNamed(i) || isOwn(i - 2) ? asName(node) : node))
    .filter((_, i) => !isOwn(i) && !isOwn(i - 1));
}
