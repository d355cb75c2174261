import { BINDING, endsExpression, rolesOf, stepInto, type Role } from "./precedence.ts";
import { isSign, isWord, type Group, type Node } from "./sql-nodes.ts";

/**
 * An expression as both servers would write it. MySQL puts every operation into
 * parentheses and MariaDB only those that change the order: here those that change
 * nothing are left out, wherever both sides of them are known.
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
  // Operators of one kind are done from left to right.
  return (
    endsExpression(nodes[i + 1]) ||
    (after?.is === "operator" && !after.isPrefix && after.binding <= loosest && loosest !== BINDING.not)
  );
}

/** How loosely the loosest operator binds of what is one expression for certain; undefined of all else. */
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

/** MySQL writes `not((a like b))` for what MariaDB writes as `a not like b`. */
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

/** Where a comparison by LIKE has that word, if it is nothing else. */
function likeIn({ nodes }: Group): number | undefined {
  const at = nodes.findIndex((n) => isWord(n, "like", "regexp", "rlike"));
  if (at < 0 || isWord(nodes[at - 1], "not") || loosestOf(nodes) !== BINDING.comparison) return undefined;
  const others = rolesOf(nodes).filter(
    (r, i) =>
      i !== at && r.is === "operator" && r.binding === BINDING.comparison && !isWord(nodes[i], "escape"),
  );
  return others.length === 0 ? at : undefined;
}

/** MySQL compares with 0 what stands where only true and false count. */
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

/** AND, OR or XOR; not the AND of a BETWEEN. */
function isLogical(role: Role | undefined): boolean {
  return role?.is === "operator" && !role.isPrefix && role.binding <= BINDING.and;
}

/** Whether it is asked here if something is true or false. */
function isAsked(nodes: readonly Node[], at: number): boolean {
  const answer = isWord(nodes[at + 1], "not") ? nodes[at + 2] : nodes[at + 1];
  return isWord(nodes[at], "is") && isWord(answer, "true", "false");
}

function isLoose(role: Role): boolean {
  return role.is === "operator" && role.binding <= BINDING.comparison;
}
