import { describe, expect, test } from "vitest";
import type { LedgerChain, LoadedCollection } from "@firebreak/mongodb";
import { chainPlace, chainVerdict, type ChainPlace } from "../../src/to-mongodb/chain-place.ts";
import { manifestOf } from "../../../archive/test/support/manifest-of.ts";

const full = chainPlace({ manifest: manifestOf([]), sha256: "full" });
const delta = (number: number, archive = `delta ${number}`, base = link(number - 1)): ChainPlace => ({
  archive,
  chain: "full",
  number,
  base,
});

function link(number: number): string {
  return number === 0 ? "full" : `delta ${number}`;
}

const links = (last: number): string[] => Array.from({ length: last + 1 }, (_, n) => link(n));

function verdict(
  place: ChainPlace,
  last: number | undefined,
  more: Partial<LedgerChain> = {},
  heads = ["full"],
) {
  const entry = last === undefined ? undefined : { chain: "full", links: links(last), ...more };
  const collections = new Map(
    heads.map((chain, i): [string, LoadedCollection] => [
      String(i),
      { collection: String(i), contentSha256: "", state: "proved", chain },
    ]),
  );
  return chainVerdict(place, entry, { collections });
}

describe("what is to be done with an archive, by the ledger", () => {
  test("a full archive is the first of its chain, until a delta is in", () => {
    expect(full).toEqual({ archive: "full", chain: "full", number: 0, base: undefined });
    expect(verdict(full, undefined, {}, [])).toEqual({ what: "next" });
    expect(verdict(full, undefined)).toEqual({ what: "next" });
    expect(verdict(full, 0)).toEqual({ what: "next" });
    expect(verdict(full, 2)).toEqual({ what: "in", number: 2 });
    const begun = { archive: "delta 1", number: 1 };
    expect(verdict(full, 0, { begun })).toMatchObject({ why: { what: "unfinished", begun: 1 } });
  });

  test("a full archive is loaded anew where its collections are forgotten", () => {
    expect(verdict(full, 2, {}, [])).toEqual({ what: "next" });
    expect(verdict(full, 2, {}, ["another"])).toEqual({ what: "next" });
  });

  test("a delta comes after its base, once", () => {
    expect(verdict(delta(1), 0)).toEqual({ what: "next" });
    expect(verdict(delta(3), 2)).toEqual({ what: "next" });
    expect(verdict(delta(2), 2)).toEqual({ what: "in", number: 2 });
    expect(verdict(delta(1), 2)).toEqual({ what: "in", number: 2 });
    expect(verdict(delta(2), 1, { begun: { archive: "delta 2", number: 2 } })).toEqual({ what: "again" });
  });

  test("a delta is refused where its base is not the last that is in", () => {
    const why = (...args: Parameters<typeof verdict>): unknown => {
      const found = verdict(...args);
      return found.what === "refused" ? found.why : found;
    };
    expect(why(delta(1), undefined)).toEqual({ what: "base-missing" });
    expect(why(delta(1), undefined, {}, [])).toEqual({ what: "base-missing" });
    expect(why(delta(1), undefined, {}, ["another"])).toEqual({ what: "other-chain" });
    expect(why(delta(3), 1)).toEqual({ what: "link-missing", last: 1 });
    expect(why(delta(3), 2, { begun: { archive: "other 3", number: 3 } })).toEqual({
      what: "unfinished",
      begun: 3,
    });
    expect(why(delta(1, "other 1"), 2)).toEqual({
      what: "forked",
      number: 1,
      expected: "other 1",
      found: "delta 1",
    });
    expect(why(delta(3, "other 3", "other 2"), 2)).toEqual({
      what: "forked",
      number: 2,
      expected: "other 2",
      found: "delta 2",
    });
  });
});
