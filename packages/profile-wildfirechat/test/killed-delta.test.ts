import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listFiles } from "@firebreak/archive";
import { VERSION } from "../../cli/src/version.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { madeState } from "./chains/made-state.ts";
import { randomChain, WAYS } from "./chains/random-chain.ts";

const POINTS = [
  "lines-found:1",
  "lines-mapped:1",
  "part-sealed:1",
  "part-sealed:5",
  "changes-made:1",
  "checksums-written:1",
  "manifest-written:1",
];

test.each(["from a hybrid to MySQL", "from MySQL to a hybrid"])(
  "the transform of a delta %s that was killed anywhere and runs again leaves what one run leaves",
  async (name) => {
    await using place = await folder();
    const way = WAYS[name]!;
    for await (const { chain } of randomChain(place.path, way, 3, 2, { version: VERSION })) {
      if (chain.length < 3) continue;
      const delta = chain.at(-1)!;
      const state = await madeState(chain, way.to);
      const files = await listFiles(join(delta, way.to));
      const args = ["transform", "--archive", delta, "--to", way.to];
      for (const killAt of POINTS) {
        const killed = await firebreak(args, { killAt });
        expect([killAt, killed.exitCode]).toEqual([killAt, undefined]);
        const again = await firebreak(args);
        expect([0, 3], again.output).toContain(again.exitCode);
        expect(await madeState(chain, way.to)).toEqual(state);
        expect(await listFiles(join(delta, way.to))).toEqual(files);
      }
      const verified = await firebreak(["verify", "--archive", delta]);
      expect([0, 3], verified.output).toContain(verified.exitCode);
      await rm(join(delta, way.to), { recursive: true });
    }
  },
);
