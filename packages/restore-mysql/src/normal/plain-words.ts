import { isSign, isWord, type Node } from "./sql-nodes.ts";

/** Functions that a server writes by another of their names (both manuals list them as synonyms). */
const SYNONYMS: Readonly<Record<string, string>> = {
  now: "current_timestamp",
  ucase: "upper",
  lcase: "lower",
  octet_length: "length",
};

/**
 * Returns an expression with one name for each function and operator, and without a server's
 * additions: the character set of texts that are the same in all of them, the LIMIT of an EXISTS.
 */
export function plainWords(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node, i): readonly Node[] => {
    const next = nodes[i + 1];
    if (node.kind === "group") {
      if (node.nodes.length === 0 && isWord(nodes[i - 1], "now", "current_timestamp")) return [];
      const inner = plainWords(node.nodes);
      return [{ ...node, nodes: isWord(nodes[i - 1], "exists") ? withoutLimit(inner) : inner }];
    }
    if (isSign(node, "%")) return [{ kind: "word", text: "mod" }];
    if (node.kind !== "word") return [node];
    if (node.text === "_utf8mb4" && next?.kind === "text" && isAscii(next.text)) return [];
    const synonym = next?.kind === "group" ? SYNONYMS[node.text] : undefined;
    return [synonym === undefined ? node : { ...node, text: synonym }];
  });
}

function withoutLimit(nodes: readonly Node[]): readonly Node[] {
  const [limit, one] = nodes.slice(-2);
  return isWord(limit, "limit") && one?.kind === "number" && one.text === "1" ? nodes.slice(0, -2) : nodes;
}

function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}
