import { expect, test } from "vitest";
import { LeftOutTally, sourceSelection, type Choice } from "../src/source-selection.ts";
import { systemKind } from "../src/system-collections.ts";

const ALL = { include: [], exclude: [] };

test.each([
  ["admin", "system.users", "access"],
  ["admin", "tempusers", "access"],
  ["shop", "$admin.system.roles", "access"],
  ["shop", "system.js", "functions"],
  ["shop", "system.buckets.series", "server"],
  ["admin", "system.version", "server"],
  ["config", "transactions", "server"],
  ["config", "cache.chunks.shop.orders", "server"],
  ["config", "localReshardingOplogBuffer-1-shard0", "server"],
  ["config", "system.sessions", "server"],
  ["local", "oplog.rs", "server"],
  ["local", "startup_log", "server"],
] as const)("%s.%s is MongoDB's own", (database, collection, kind) => {
  expect(systemKind(database, collection)).toBe(kind);
});

test.each([
  ["admin", "messages"],
  ["admin", "settings"],
  ["admin", "system"],
  ["admin", "startup_log"],
  ["config", "app_settings"],
  ["config", "cached"],
  ["config", "oplog.rs"],
  ["local", "messages"],
  ["local", "transactions"],
  ["shop", "tempusers"],
  ["shop", "shards"],
])("%s.%s is a person's, whatever it is called elsewhere", (database, collection) => {
  expect(systemKind(database, collection)).toBeUndefined();
});

test.each<[include: string[], database: string, collection: string, choice: Choice]>([
  [[], "admin", "messages", "wanted"],
  [[], "config", "mine", "wanted"],
  [[], "local", "mine", "local"],
  [["*"], "local", "mine", "local"],
  [["*.mine"], "local", "mine", "local"],
  [["local.*"], "local", "mine", "wanted"],
  [["*", "local.mine"], "local", "mine", "wanted"],
  [["local.m?ne"], "local", "mine", "wanted"],
  [["local.*"], "local", "oplog.rs", "server"],
  [["*", "local.mine"], "local", "oplog.rs", "server"],
  [["*"], "local", "oplog.rs", "quiet"],
  [["admin.*"], "admin", "system.version", "server"],
  [["admin.*"], "admin", "system.views", "quiet"],
  [["*.mine"], "admin", "messages", "unwanted"],
  [["shop.*"], "shop", "system.profile", "quiet"],
  [["shop.system.profile"], "shop", "system.profile", "server"],
  [[], "shop", "system.js", "functions"],
])("asked for %j, an export finds %s.%s %s", (include, database, collection, choice) => {
  expect(sourceSelection({ include, exclude: [] })(database, collection)).toBe(choice);
});

test("a URL that names local asks for it", () => {
  expect(sourceSelection(ALL, "local")("local", "mine")).toBe("wanted");
  expect(sourceSelection(ALL, "local")("local", "oplog.rs")).toBe("quiet");
});

test("nothing that is excluded is said to be left out", () => {
  const choose = sourceSelection({ include: [], exclude: ["local.*", "*.system.*"] });
  expect([choose("local", "mine"), choose("admin", "system.users")]).toEqual(["unwanted", "unwanted"]);
});

test("what is left out is told by reason, each namespace once, with the globs that it was asked for by", () => {
  const tally = new LeftOutTally();
  const filter = { include: ["*"], exclude: [] };
  const choose = sourceSelection(filter);
  for (const name of ["b", "oplog.rs", "a", "a"]) tally.addChoice(choose("local", name), `local.${name}`);
  tally.addChoice(choose("shop", "orders"), "shop.orders");
  tally.addChoice(choose("shop", "system.js"), "shop.system.js");
  expect(tally.found(filter)).toEqual([
    { reason: "local", namespaces: ["local.a", "local.b"], include: ["*"] },
    { reason: "functions", namespaces: ["shop.system.js"], include: ["*"] },
  ]);
});
