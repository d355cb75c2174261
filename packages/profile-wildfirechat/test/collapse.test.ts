import fc from "fast-check";
import { expect, test } from "vitest";
import { collapse, messageIdentity, userMessageIdentity } from "../src/collapse.ts";

const twin = fc.record({
  id: fc.bigInt({ min: 1n, max: 9n }),
  identity: fc.constantFrom("x", "y"),
});

test("equal twins collapse to one with the highest id; unequal ones are all in conflict", () => {
  fc.assert(
    fc.property(fc.array(twin, { minLength: 1, maxLength: 5 }), (rows) => {
      const settled = collapse(rows);
      if (new Set(rows.map(({ identity }) => identity)).size > 1)
        expect(settled).toEqual({ kind: "conflict", rows });
      else if (settled.kind === "collapsed") {
        expect(settled.others).toHaveLength(rows.length - 1);
        for (const { id } of rows) expect(settled.kept.id >= id).toBe(true);
      } else expect.unreachable();
    }),
  );
});

test("identities differ wherever one of their values does", () => {
  const identities = [
    messageIdentity("a", 0n, "b"),
    messageIdentity("b", 0n, "a"),
    messageIdentity("a", 1n, "b"),
    messageIdentity('a","0","b', 0n, ""),
    userMessageIdentity(1n),
    userMessageIdentity(2n),
  ];
  expect(new Set(identities).size).toBe(identities.length);
});
