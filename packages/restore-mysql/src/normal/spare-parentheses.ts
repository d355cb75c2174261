import { BINDING, endsExpression, rolesOf, stepInto, type Role } from "./precedence.ts";
import { isSign, isWord, type Group, type Node } from "./sql-nodes.ts";

/**
 * Returns an expression as both servers would write it. MySQL puts every operation into
 * parentheses, and MariaDB only those that change the order. This function removes parentheses that
 * change nothing, wherever it knows both sides of them.
 */
export function withoutSpare(nodes: readonly Node[]): readonly Node[] {
  const inner = nodes.map((n): Node => (n.kind === "group" ? { ...n, nodes: withoutSpare(n.nodes) } : n));
  return withoutTruth(unwrapped(withPlainNot(inner)));
}

function unwrapped(nodes: readonly Node[]): readonly Node[] {
  const roles = rolesOf(nodes);
  return nodes.flatMap((node, i) =>
    node.kind === "group" && isSpare(nodes, roles, i, node) ? [...node.nodes] : [node],
  );
}

function isSpare(nodes: readonly Node[], roles: readonly Role[], i: number, group: Group): boolean {
  const loosest = loosestOf(group.nodes);
  if (loosest === undefined || isWord(nodes[i - 1], "in")) return false;
  const before = roles[i - 1];
  const isFreeBefore =
    before === undefined ||
    before.is === "comma" ||
    before.is === "before" ||
    (before.is === "operator" && before.binding < loosest);
  if (!isFreeBefore) return false;
  const after = roles[i + 1];
  // Operators of the same precedence are evaluated from left to right.
  return (
    endsExpression(nodes[i + 1]) ||
    (after?.is === "operator" && !after.isPrefix && after.binding <= loosest && loosest !== BINDING.not)
  );
}

/**
 * Returns the precedence of the loosest operator, if the nodes are one expression for certain;
 * otherwise undefined.
 */
function loosestOf(nodes: readonly Node[]): number | undefined {
  let loosest = Number.POSITIVE_INFINITY;
  let depth = 0;
  if (nodes.length === 0) return undefined;
  for (const [i, role] of rolesOf(nodes).entries()) {
    const outer = depth;
    depth = stepInto(nodes[i]!, depth);
    if (outer > 0 || depth > 0) continue;
    if (role.is === "operator") loosest = Math.min(loosest, role.binding);
    else if (role.is !== "value") return undefined;
  }
  return loosest;
}

/** Moves a NOT into its comparison: MySQL writes `not((a like b))`, MariaDB writes `a not like b`. */
function withPlainNot(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node, i): readonly Node[] => {
    const next = nodes[i + 1];
    if (isWord(node, "not") && next?.kind === "group" && likeIn(next) !== undefined) return [];
    const at = node.kind === "group" && isWord(nodes[i - 1], "not") ? likeIn(node) : undefined;
    if (at === undefined || node.kind !== "group") return [node];
    const not: Node = { kind: "word", text: "not" };
    return [{ kind: "group", nodes: [...node.nodes.slice(0, at), not, ...node.nodes.slice(at)] }];
  });
}

/** Returns the position of LIKE, REGEXP or RLIKE if the group is only such a comparison. */
function likeIn({ nodes }: Group): number | undefined {
  const at = nodes.findIndex((n) => isWord(n, "like", "regexp", "rlike"));
  if (at < 0 || isWord(nodes[at - 1], "not") || loosestOf(nodes) !== BINDING.comparison) return undefined;
  const others = rolesOf(nodes).filter(
    (r, i) =>
      i !== at && r.is === "operator" && r.binding === BINDING.comparison && !isWord(nodes[i], "escape"),
  );
  return others.length === 0 ? at : undefined;
}

/** Removes the comparison with 0 that MySQL adds where only true and false count. */
function withoutTruth(nodes: readonly Node[]): readonly Node[] {
  const roles = rolesOf(nodes);
  const isTruth = (i: number): boolean => {
    const zero = nodes[i];
    if (zero?.kind !== "number" || zero.text !== "0" || !isSign(nodes[i + 1], "<>")) return false;
    const length = roles.slice(i + 2).findIndex((r, k) => isLoose(r) || endsExpression(nodes[i + 2 + k]));
    const end = length < 0 ? nodes.length : i + 2 + length;
    const isTruthBehind = isLogical(roles[end]) || isAsked(nodes, end);
    if (isLogical(roles[i - 1]) || isWord(nodes[i - 1], "where", "on", "having"))
      return isTruthBehind || endsExpression(nodes[end]);
    const before = roles[i - 1]?.is;
    return (
      before !== "operator" &&
      before !== "value" &&
      before !== "unknown" &&
      (isLogical(roles[end]) || isAsked(nodes, end))
    );
  };
  return nodes.filter((_, i) => !isTruth(i) && !isTruth(i - 1));
}

/** Returns true for AND, OR and XOR, but not for the AND of a BETWEEN. */
function isLogical(role: Role | undefined): boolean {
  return role?.is === "operator" && !role.isPrefix && role.binding <= BINDING.and;
}

/** Returns true at IS TRUE and IS FALSE, also with NOT. */
function isAsked(nodes: readonly Node[], at: number): boolean {
  const answer = isWord(nodes[at + 1], "not") ? nodes[at + 2] : nodes[at + 1];
  return isWord(nodes[at], "is") && isWord(answer, "true", "false");
}

function isLoose(role: Role): boolean {
  return role.is === "operator" && role.binding <= BINDING.comparison;
}
