import { notCarried, type Account, type NotCarried } from "@firebreak/archive";
import { expect, test } from "vitest";
import { english } from "../../src/messages/en/english.ts";
import { notCarriedLines, withQuarantinedAtLoad } from "../../src/screen/not-carried-lines.ts";

const USERS = notCarried("user", "*", "not-in-archive");
const lines = (
  accounts: readonly Account[],
  databases: Readonly<Record<string, NotCarried[]>> = {},
): string[] =>
  notCarriedLines(
    accounts,
    Object.entries(databases).map(([database, things]) => ({ database, notCarried: things })),
    english.notCarried,
  );

test("things of one kind and reason share a line, users of all databases one", () => {
  const orders = [
    notCarried("index", "items.sku_1", "inside-document", "items.sku"),
    notCarried("option", "capped", "no-counterpart"),
    notCarried("option", "size", "no-counterpart"),
  ];
  const shop = [notCarried("view", "v", "pipeline"), USERS];
  expect(lines([{ namespace: "shop.orders", notCarried: orders }], { shop, other: [USERS] })).toEqual([
    "Not carried over:",
    "  shop.orders: index items.sku_1 (items.sku is inside of a document)",
    "  shop.orders: options capped, size (the target has nothing like it)",
    "  shop: view v (a view's pipeline is no SQL)",
    "  users, roles and grants: no archive has them; make them in the target by hand",
  ]);
});

test("shards are a line together", () => {
  const shards = Array.from({ length: 16 }, (_, i): Account => ({
    namespace: `im.t_${i}`,
    notCarried: [notCarried("index", "_dt_-1", "application")],
  }));
  expect(lines(shards)).toEqual([
    "Not carried over:",
    "  im.t_* (16): index _dt_-1 (the application makes its own)",
  ]);
});

test("eight names are shown, and of nine how many more; no line is wider than a terminal", () => {
  const views = (count: number): NotCarried[] =>
    Array.from({ length: count }, (_, i) => notCarried("view", `view_number_${i}`, "pipeline"));
  expect(lines([], { shop: views(8) }).join("")).not.toContain("more");
  const shown = lines([], { shop: views(9) });
  expect(shown.join("")).toContain("view_number_7 and 1 more");
  for (const line of shown.join("\n").split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("twenty lines are shown, and of twenty-one how many more", () => {
  const accounts = (count: number): Account[] =>
    Array.from({ length: count }, (_, i) => ({
      namespace: `d.c${i}x`,
      notCarried: [notCarried("option", "capped", "no-counterpart")],
    }));
  expect(lines(accounts(20)).at(-1)).toContain("d.c19x");
  expect(lines(accounts(21)).at(-1)).toBe("  and 1 more line; --json lists all");
});

test("where nobody said what was left behind nothing is listed, and a code of a later version stands for itself", () => {
  expect(lines([{ namespace: "d.c" }])).toEqual([]);
  const later = { kind: "library", name: "l", reason: "of-later" };
  expect(lines([], { d: [later] })[1]).toBe("  d: library l (of-later)");
});

test("what a target refused is counted beside what transform set aside, where it is known", () => {
  const tables = [
    { table: "a", quarantined: 2 },
    { table: "b", quarantined: 3 },
  ];
  expect(withQuarantinedAtLoad({ namespace: "d.c", quarantined: 1, tables })).toMatchObject({
    quarantined: 1,
    quarantinedAtLoad: 5,
  });
  expect(withQuarantinedAtLoad({ namespace: "d.c", refused: 4 })).toMatchObject({ quarantinedAtLoad: 4 });
  expect(withQuarantinedAtLoad({ namespace: "d.c", tables: [{ table: "a", rows: 1 }] })).not.toHaveProperty(
    "quarantinedAtLoad",
  );
});
