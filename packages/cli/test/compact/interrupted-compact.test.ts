import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readIdentities, readSourceManifest } from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { makeDelta } from "@firebreak/testing/deltas/make-delta";

const { isLacking, why } = lacking("mongodb");
/** Made by age-keygen for these tests alone. */
const IDENTITY = "AGE-SECRET-KEY-1DD0F7EGNYU7N0PQN9Y6V3MRJRD3PP25KEFFY5U6NUAPED9PXFMQQMYCU2L";
const RECIPIENT = "age1mpa6gpu6e43v8ytflyy79netk0pyegakzc9ne4872ap432eexdksvwj6fy";
const KILLS = Number(process.env["FIREBREAK_KILLS"] ?? 1);
const COLLECTIONS = 4;

describe.skipIf(isLacking)(`compact of an encrypted chain${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
  });
  afterAll(() => place[Symbol.asyncDispose]());
  const at = (name: string): string => join(place.path, name);

  test("killed several times and run again it has the parts of a fresh export, for the same recipients", async () => {
    await writeFile(at("key"), `${IDENTITY}\n`);
    await using source = await mongodbDatabase(ownName("killed"));
    const take = (archive: string) =>
      mustEndWell(["export", "--archive", at(archive), "--part-mib", "0.05", "--recipient", RECIPIENT], {
        mongodbUrl: source.url,
      });
    for (let c = 0; c < COLLECTIONS; c++)
      await source.db
        .collection(`c${c}`)
        .insertMany(Array.from({ length: 1000 }, (_, n) => ({ n, padding: "y".repeat((n * 13) % 200) })));
    await take("full");
    for (let c = 0; c < COLLECTIONS; c++) {
      await source.db
        .collection(`c${c}`)
        .updateMany({ n: { $mod: [5, c % 5] } }, { $set: { changed: true } });
      await source.db.collection(`c${c}`).deleteMany({ n: { $mod: [7, 1] } });
    }
    await take("second");
    const identities = await readIdentities(at("key"));
    await makeDelta(at("full"), at("full"), at("second"), at("delta"), { identities });

    const args = [
      "compact",
      "--archive",
      at("delta"),
      "--out",
      at("out"),
      "--identity",
      at("key"),
      "--jobs",
      "1",
    ];
    const finished = async (): Promise<number> => {
      const log = await readFile(join(at("out"), "compact-progress.ndjson"), "utf8").catch(() => "");
      return log.split('"kind":"finished"').length - 1;
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const run = start(args);
      const goal = Math.min(COLLECTIONS - 2, (await finished()) + 1);
      await until("a namespace more", async () => (await finished()) >= goal);
      run.kill("SIGKILL");
      expect((await run).signal).toBe("SIGKILL");
    }
    const ended = await firebreak(args);
    expect(ended).toMatchObject({ exitCode: 0, output: expect.stringContaining("Going on") as string });
    const contents = await Promise.all(
      ["out", "second"].map(async (archive) => {
        const { manifest, encryption } = await readSourceManifest(at(archive), identities);
        const namespaces = manifest.namespaces.map((n) => ({
          ...n,
          metadata: n.metadata.file,
          parts: n.parts.map(({ file, plainBytes, plainSha256, lineCount }) => [
            file,
            plainBytes,
            plainSha256,
            lineCount,
          ]),
        }));
        return { namespaces, encryption };
      }),
    );
    expect(contents[0]).toEqual(contents[1]);
    expect((await readdir(at("out"))).sort()).toEqual((await readdir(at("second"))).sort());
    await mustEndWell(["verify", "--archive", at("out"), "--identity", at("key")]);

    await mkdir(at("other"));
    await writeFile(join(at("other"), "mine.txt"), "");
    const taken = await firebreak([...args.slice(0, 4), at("other"), "--identity", at("key")]);
    expect(taken).toMatchObject({ exitCode: 6, output: expect.stringContaining("mine.txt") as string });
  });
});
