import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { identityOfPassphrase, listFiles } from "@firebreak/archive";
import { transformProfiledDelta } from "@firebreak/transform";
import { folder } from "@firebreak/testing/archives/folder";
import { makeDelta } from "@firebreak/testing/deltas/make-delta";
import { outcomeOf } from "@firebreak/testing/recipes/outcome";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { chatSite } from "../../../fixtures/src/index.ts";
import { madeState } from "./chains/made-state.ts";
import { ended, profileOf } from "./chains/random-chain.ts";
import { writeHybridArchive } from "./support/hybrid-archive.ts";

const way = { options: ["zone=Asia/Shanghai", "sessionTimezone=UTC"] };

test("a delta of an encrypted archive makes the same rows, and no file tells a name or a text", async () => {
  await using place = await folder();
  const at = (name: string): string => join(place.path, name);
  const passphraseFile = at("passphrase");
  await writeFile(passphraseFile, "a passphrase of several words");
  const site = chatSite({ seed: 4, messageCount: 300, jvmZone: "Asia/Shanghai" });
  const all = [...site.hybridMessages(), ...site.hybridUserMessages()];
  await writeHybridArchive(at("full"), all, { passphraseFile });
  const left = all.filter((_, i) => i % 9 !== 0);
  await writeHybridArchive(at("now"), left, { passphraseFile });
  const identities: string[] = [];
  for (const name of ["full", "now"])
    identities.push((await identityOfPassphrase(at(name), passphraseFile, false)).identity);
  const common = { to: "mysql", identities, profile: await profileOf(way) } as const;
  await ended(transformed(at("full"), common));
  await makeDelta(at("full"), at("full"), at("now"), at("delta"), { identities });
  const folders = { mysql: at("delta/mysql"), mongodb: at("delta/mongodb") };
  const delta = { ...common, archive: at("delta"), folders, jobs: 1, version: "test" };
  await ended(outcomeOf(transformProfiledDelta(delta)));
  await ended(transformed(at("now"), common));

  const {
    setAside: _set,
    listed: _listed,
    ...incremental
  } = await madeState([at("full"), at("delta")], "mysql", identities);
  const { setAside: _all, listed: _others, ...whole } = await madeState([at("now")], "mysql", identities);
  expect(incremental).toEqual(whole);
  expect(Object.keys(incremental.items).length).toBeGreaterThan(50);

  const names = ["lines.index", "profile.changes", "quarantine"];
  expect(await readdir(folders.mysql)).toEqual(expect.arrayContaining(names));
  for (const file of await listFiles(folders.mysql)) {
    expect(file).not.toMatch(/messages/);
    if (!/manifest|SHA256SUMS/.test(file))
      expect((await readFile(join(folders.mysql, file))).subarray(0, 21).toString("latin1")).toBe(
        "age-encryption.org/v1",
      );
  }
});
