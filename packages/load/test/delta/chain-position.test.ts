import { describe, expect, test } from "vitest";
import { chainPositions, type DatabaseLinks, type KnownLink } from "../../src/delta/chain-position.ts";

const CHAIN = "c".repeat(64);
const sha = (number: number): string => String(number).repeat(64).slice(0, 64);
const link = (number: number, sha256 = sha(number), chain = CHAIN.slice(0, 16)): KnownLink => ({
  chain,
  number,
  sha256,
});
const at = (...links: readonly KnownLink[]): DatabaseLinks => ({ database: "chat", links, isNew: false });
const position = (...databases: readonly DatabaseLinks[]): object =>
  Object.fromEntries(
    chainPositions("server", { chainSha256: CHAIN, baseSha256: sha(2), number: 3 }, sha(3), databases),
  );

describe("delta 3 of a chain", () => {
  test("comes next where delta 2 is in, whatever other chains are", () => {
    expect(position(at(link(0), link(1), link(2), link(7, sha(7), "d".repeat(16))))).toEqual({
      chat: "next",
    });
  });

  test("is in where the ledger has it, also with a later one", () => {
    expect(position(at(link(0), link(2), link(3)))).toEqual({ chat: "in" });
    expect(position(at(link(2), link(3), link(4)))).toEqual({ chat: "in" });
  });

  test("is told for each database, as a run that was cut off at its end leaves them", () => {
    const other = { database: "users", links: [link(2), link(3)], isNew: false };
    expect(position(at(link(2)), other)).toEqual({ chat: "next", users: "in" });
  });

  test("is for a database that the chain had nothing for before, but for no target that has nothing of it", () => {
    const fresh = { database: "fresh", links: [], isNew: true };
    expect(position(fresh, at(link(2)))).toEqual({ chat: "next", fresh: "next" });
    expect(() => position(fresh)).toThrow(expect.objectContaining({ code: "delta-base-missing" }));
  });

  const refused: readonly [string, DatabaseLinks, string][] = [
    ["nothing is in", at(), "delta-base-missing"],
    ["another chain is in", at(link(2, sha(2), "d".repeat(16))), "delta-other-chain"],
    ["delta 1 is the newest", at(link(0), link(1)), "delta-link-missing"],
    ["another delta 2 is in", at(link(1), link(2, sha(9))), "delta-forked"],
    ["another delta 3 is in", at(link(2), link(3, sha(9))), "delta-forked"],
  ];
  for (const [where, links, code] of refused)
    test(`is refused where ${where}`, () => {
      expect(() => position(links)).toThrow(expect.objectContaining({ code, exitCode: 6 }));
    });
});
