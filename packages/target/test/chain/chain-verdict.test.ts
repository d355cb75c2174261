import { describe, expect, test } from "vitest";
import { chainPlace, type ChainPlace } from "../../src/chain/chain-place.ts";
import {
  chainRefusal,
  chainVerdict,
  type ChainVerdict,
  type KnownChain,
} from "../../src/chain/chain-verdict.ts";
import { manifestOf } from "@firebreak/testing/archives/manifest-of";

const full = chainPlace({ manifest: manifestOf([]), sha256: "full" });
const delta = (number: number, archive = named(number), base = named(number - 1)): ChainPlace => ({
  archive,
  chain: "full",
  number,
  base,
});

function named(number: number): string {
  return number === 0 ? "full" : `delta ${number}`;
}

const link = (number: number, archive = named(number)): KnownChain["links"][number] => ({ number, archive });

function chat(links: KnownChain["links"] = [], more: Partial<KnownChain> = {}): KnownChain {
  return { database: "chat", links, begun: [], hasOthers: false, isNew: false, ...more };
}

const upTo = (last: number, more: Partial<KnownChain> = {}): KnownChain =>
  chat(
    Array.from({ length: last + 1 }, (_, n) => link(n)),
    more,
  );
const begun = (number: number, archive?: string): Partial<KnownChain> => ({ begun: [link(number, archive)] });

/** The fault of a refusal, as a person meets it. */
function fault(place: ChainPlace, verdict: ChainVerdict): object {
  if (verdict.what !== "refused") return verdict;
  const { code, exitCode, fields } = chainRefusal("server", place, verdict);
  expect(exitCode).toBe(6);
  return { code, ...fields };
}

const verdictWhere =
  (announcesLinks: boolean) =>
  (place: ChainPlace, ...databases: readonly KnownChain[]): object =>
    fault(place, chainVerdict(place, databases, { announcesLinks }));

const where = { server: "server", database: "chat" };

for (const announcesLinks of [true, false]) {
  const verdict = verdictWhere(announcesLinks);

  describe(`where links are ${announcesLinks ? "" : "not "}announced`, () => {
    test("a full archive is the first of its chain, until a delta is in", () => {
      expect(full).toEqual({ archive: "full", chain: "full", number: 0, base: undefined });
      expect(verdict(full, chat())).toEqual({ what: "next" });
      expect(verdict(full, chat([], { hasOthers: true }))).toEqual({ what: "next" });
      expect(verdict(full, upTo(0))).toEqual({ what: "next" });
      expect(verdict(full, upTo(2))).toEqual({ what: "followed", number: 2, isWhole: true });
    });

    test("a full archive is loaded anew where its content is forgotten", () => {
      expect(verdict(full, upTo(2, { isForgotten: true }))).toEqual({ what: "next" });
    });

    test("a delta comes after its base, once", () => {
      expect(verdict(delta(1), upTo(0))).toEqual({ what: "next" });
      expect(verdict(delta(3), upTo(2))).toEqual({ what: "next" });
      expect(verdict(delta(2), upTo(2))).toEqual({ what: "in", isNewest: true });
      expect(verdict(delta(1), upTo(2))).toEqual({ what: "in", isNewest: false });
      expect(verdict(delta(2), upTo(1, begun(2)))).toEqual({ what: "again" });
    });

    test("a delta that is in some of the databases was cut off at its end", () => {
      const users = { ...upTo(3), database: "users" };
      expect(verdict(delta(3), upTo(2), users)).toEqual({ what: "again" });
    });

    test("a delta may bring a database that its chain had nothing for, but needs one that knows the chain", () => {
      const fresh = { ...chat([], { isNew: true }), database: "fresh" };
      expect(verdict(delta(3), fresh, upTo(2))).toEqual({ what: "next" });
      expect(verdict(delta(3), fresh)).toMatchObject({ code: "delta-base-missing", database: "fresh" });
    });

    const refused: readonly [string, ChainPlace, KnownChain, object][] = [
      ["nothing is in", delta(1), chat(), { code: "delta-base-missing", number: 1, chainSha256: "full" }],
      [
        "another chain is in",
        delta(1),
        chat([], { hasOthers: true }),
        { code: "delta-other-chain", number: 1, chainSha256: "full" },
      ],
      ["delta 1 is the newest", delta(3), upTo(1), { code: "delta-link-missing", number: 3, newest: 1 }],
      [
        "another delta 2 is in",
        delta(3, "other 3", "other 2"),
        upTo(2),
        { code: "delta-forked", number: 2, expected: "other 2", found: "delta 2" },
      ],
      [
        "another delta of the same number is in",
        delta(1, "other 1"),
        upTo(2),
        { code: "delta-forked", number: 1, expected: "other 1", found: "delta 1" },
      ],
    ];
    for (const [why, place, known, expected] of refused)
      test(`a delta is refused where ${why}`, () => {
        expect(verdict(place, known)).toEqual({ ...where, ...expected });
      });
  });
}

describe("a delta that was begun", () => {
  const [announced, seen] = [verdictWhere(true), verdictWhere(false)];

  test("must be completed before anything else, where links are announced", () => {
    const unfinished = { code: "delta-unfinished", ...where };
    expect(announced(full, upTo(0, begun(1)))).toEqual({ ...unfinished, number: 1 });
    expect(announced(delta(3), upTo(2, begun(3, "other 3")))).toEqual({ ...unfinished, number: 3 });
    expect(announced(delta(2), upTo(2, begun(3)))).toEqual({ what: "in", isNewest: false });
  });

  test("is in the way of its full archive, and of another of its number, where links are not announced", () => {
    expect(seen(full, upTo(0, begun(1)))).toEqual({ what: "followed", number: 1, isWhole: false });
    const forked = { code: "delta-forked", number: 3, expected: "delta 3", found: "other 3" };
    expect(seen(delta(3), upTo(2, begun(3, "other 3")))).toEqual({ ...where, ...forked });
    const fresh = { ...chat([], { isNew: true, ...begun(3, "other 3") }), database: "fresh" };
    expect(seen(delta(3), upTo(2), fresh)).toEqual({ ...where, ...forked, database: "fresh" });
  });

  test("is next in a new database, where links are not announced, even if it is in the others", () => {
    const fresh = { ...chat([], { isNew: true }), database: "fresh" };
    expect(seen(delta(3), upTo(3), fresh)).toEqual({ what: "again" });
    expect(announced(delta(3), upTo(3), fresh)).toEqual({ what: "in", isNewest: true });
  });

  test("is told of any database for a full archive, where links are not announced", () => {
    const users = { ...upTo(2), database: "users" };
    expect(seen(full, upTo(0), users)).toEqual({ what: "followed", number: 2, isWhole: true });
    expect(announced(full, upTo(0), users)).toEqual({ what: "again" });
  });

  test("does not matter where links before the last are unknown", () => {
    expect(seen(delta(3), chat([link(2)]))).toEqual({ what: "next" });
    expect(seen(delta(3), chat([link(2), link(3), link(4)]))).toEqual({ what: "in", isNewest: false });
  });
});
