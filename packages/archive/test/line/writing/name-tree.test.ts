import { expect, test } from "vitest";
import { NameTree, type NameNode } from "../../../src/line/writing/name-tree.ts";

/** Goes through a document's names as the encoder does; returns the last node, or the name that came twice. */
function walk(tree: NameTree, names: readonly string[], from: NameNode = tree.first): NameNode | string {
  let node = from;
  for (const name of names) {
    const bytes = Buffer.from(`${name}\0`);
    const known = tree.find(node, bytes, 0);
    const next = known ?? tree.add(node, bytes.toString("latin1"));
    if (next === undefined) return name;
    if (known === undefined && next.isKept) next.keep(bytes, Buffer.from(JSON.stringify(name)));
    node = next;
  }
  return node;
}

const names = (count: number, prefix = "n"): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

test("names in an order that was met before are found, with how they are written", () => {
  const tree = new NameTree();
  walk(tree, ["a", "ab"]);
  const a = tree.find(tree.first, Buffer.from("...a\0"), 3);
  expect(Buffer.from(a?.to ?? []).toString()).toBe('"a"');
  expect(tree.find(a!, Buffer.from("ab\0"), 0)?.from).toHaveLength(3);
  expect(tree.find(a!, Buffer.from("a\0"), 0)).toBeUndefined();
  expect(tree.find(tree.first, Buffer.from("ab\0"), 0)).toBeUndefined();
  expect(tree.find(tree.first, Buffer.from("a"), 0)).toBeUndefined();
});

test("a name that the document has already is noticed, whether the names before it are kept or not", () => {
  const tree = new NameTree();
  for (const count of [1, 2, 23, 24, 25, 26, 300]) {
    const met = names(count);
    expect(walk(tree, [...met, "n0"])).toBe("n0");
    expect(walk(tree, [...met, `n${count - 1}`])).toBe(`n${count - 1}`);
    for (let i = 0; i < 20; i++) walk(tree, [`x${i}`, ...met]);
    expect(walk(tree, ["unmet", ...met, "unmet"])).toBe("unmet");
    expect(walk(tree, ["unmet", ...met, "n0"])).toBe("n0");
    expect(walk(tree, ["unmet", ...met])).toBeTypeOf("object");
  }
});

test("a sub-document may have the names of the one around it", () => {
  const tree = new NameTree();
  const node = walk(tree, ["a", "b"]) as NameNode;
  expect(walk(tree, ["a", "b"], node.inside)).toBeTypeOf("object");
  expect(walk(tree, ["a", "b", "a"], node.inside)).toBe("a");
});

test("of ever other names only some are kept", () => {
  const tree = new NameTree();
  let keptCount = 0;
  for (let i = 0; i < 1000; i++) {
    const node = walk(tree, [`first${i}`, ...names(20, `${i}-`)]) as NameNode;
    if (node.isKept) keptCount++;
  }
  expect(keptCount).toBe(8);
  expect((walk(tree, ["n".repeat(1000)]) as NameNode).isKept).toBe(false);
});
