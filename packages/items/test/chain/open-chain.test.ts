import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listFolder, writeManifest, type SourceManifest } from "../../../archive/src/index.ts";
import { openChain, refuseDelta } from "../../src/index.ts";
import { manifestOf } from "@firebreak/testing/archives/manifest-of";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "firebreak-chain-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function link(name: string, delta?: SourceManifest["delta"]): Promise<string> {
  const folder = join(place, name);
  await mkdir(folder, { recursive: true });
  const manifest = manifestOf([], delta === undefined ? {} : { formatVersion: 2, delta });
  await writeManifest(folder, manifest, {});
  return (await listFolder(folder, "firebreak-archive")).sha256;
}

test("a chain is found among the folders beside its end, or where it is said to be", async () => {
  const chainSha256 = await link("here/full");
  const first = await link("here/one", { baseSha256: chainSha256, chainSha256, number: 1, by: "comparison" });
  await link("here/two", { baseSha256: first, chainSha256, number: 2, by: "change-stream" });
  await link("there/two", { baseSha256: first, chainSha256, number: 2, by: "change-stream" });

  const folders = async (end: string, previous?: string) =>
    (await openChain(join(place, end), { previous })).map((l) => l.folder);
  const here = (name: string) => join(place, "here", name);
  expect(await folders("here/full")).toEqual([here("full")]);
  expect(await folders("here/two")).toEqual([here("full"), here("one"), here("two")]);
  expect(await folders("there/two", here("one"))).toEqual([
    here("full"),
    here("one"),
    join(place, "there/two"),
  ]);
  await expect(openChain(join(place, "there/two"))).rejects.toMatchObject({
    code: "chain-link-missing",
    exitCode: 6,
    fields: { archive: join(place, "there/two"), number: 2, sha256: first },
  });
});

test("a delta is refused where a whole archive is needed", () => {
  const sha = "0".repeat(64);
  const delta = { baseSha256: sha, chainSha256: sha, number: 1, by: "comparison" } as const;
  expect(() => refuseDelta(manifestOf([], { formatVersion: 2, delta }), "d")).toThrow(
    expect.objectContaining({ code: "archive-is-delta" }),
  );
  expect(() => refuseDelta(manifestOf([]), "d")).not.toThrow();
});
