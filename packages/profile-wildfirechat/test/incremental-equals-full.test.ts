// @module-tag slow
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { madeState, type MadeState } from "./chains/made-state.ts";
import { ended, profileOf, randomChain, WAYS } from "./chains/random-chain.ts";

/** The chains in each direction, and the number of the first. */
const RUNS = Number(process.env["FIREBREAK_CHAINS"] ?? 75);
const FIRST = Number(process.env["FIREBREAK_FIRST_CHAIN"] ?? 1);
/** A folder in memory, if the system has one: a disk takes longer to make a file durable than all the rest. */
const MEMORY = ["/dev/shm"].find((path) => existsSync(path));

describe.each(Object.entries(WAYS))("%s", (_, way) => {
  test.each(Array.from({ length: RUNS }, (__, i) => FIRST + i))(
    "chain %i: after each delta the target has what a new full transform makes",
    async (seed) => {
      await using place = await folder(MEMORY);
      const { to } = way;
      const known: string[] = [];
      for await (const { chain, now } of randomChain(place.path, way, seed, 2 + (seed % 2))) {
        const { setAside, listed, ...incremental } = await madeState(chain, to);
        await ended(transformed(now, { profile: await profileOf(way), to }));
        const { setAside: allSetAside, listed: allListed, ...whole } = await madeState([now], to);
        // As in any delta, the account of what no rule of the profile is for names only what the delta has.
        expect(ofMessages(incremental)).toEqual(ofMessages(whole));
        // A delta's files have the lines that it affects, and those of all links together whatever there is.
        known.push(...setAside, ...listed);
        expect(allSetAside).toEqual(expect.arrayContaining([...setAside]));
        expect(allListed).toEqual(expect.arrayContaining([...listed]));
        expect(known).toEqual(expect.arrayContaining([...allSetAside, ...allListed]));
      }
    },
  );
});

/** Leaves out the accounts of namespaces that are no messages. */
function ofMessages<S extends Pick<MadeState, "counts">>(state: S): S {
  const counts = Object.entries(state.counts).filter(([name]) => /t_(user_)?messages_/.test(name));
  return { ...state, counts: Object.fromEntries(counts) };
}
