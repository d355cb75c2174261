import { createHash } from "node:crypto";
import { verified } from "@firebreak/testing/recipes/verified";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { appendFile, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { mysqlTablesOf, namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, ownName, sqlDatabase, type SqlDatabase } from "@firebreak/testing/servers/databases";
import { smallArchive } from "@firebreak/testing/archives/small-archive";

interface Damage {
  readonly title: string;
  /** Does it; returns what the refusal must name. */
  readonly damage: (archive: string) => Promise<string>;
}

async function sourcePart(archive: string): Promise<string> {
  return (await namespacesOf(archive))[0]?.parts[0]?.file ?? "";
}

async function tablePart(archive: string): Promise<string> {
  return `mysql/${(await mysqlTablesOf(archive))[0]?.parts[0]?.file ?? ""}`;
}

/** Damages that either kind of part can have. */
function partDamages(kind: string, partOf: (archive: string) => Promise<string>): Damage[] {
  const spoil = (title: string, how: (path: string) => Promise<unknown>): Damage => ({
    title: `${title} in a ${kind} part`,
    async damage(archive) {
      const file = await partOf(archive);
      await how(join(archive, file));
      return file.replace(/^mysql\//, "");
    },
  });
  return [
    spoil("a flipped bit", async (path) => {
      const bytes = await readFile(path);
      const at = bytes.length >> 1;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(path, bytes);
    }),
    spoil("a missing end", async (path) => truncate(path, (await readFile(path)).length - 1)),
    spoil("nothing at all", async (path) => truncate(path, 0)),
    spoil("a byte too many", (path) => appendFile(path, "x")),
    spoil("a missing file", (path) => rm(path)),
    spoil("a link", async (path) => {
      await rename(path, `${path}.away`);
      await symlink(`${path}.away`, path);
    }),
  ];
}

/** Changes a manifest and makes SHA256SUMS fit again, as somebody with bad intentions would. */
async function tamper(folderPath: string, change: (text: string) => string): Promise<void> {
  const path = join(folderPath, "manifest.json");
  const before = await readFile(path, "utf8");
  const after = change(before);
  if (before === after) throw new Error("the manifest was not changed");
  await writeFile(path, after);
  const sums = join(folderPath, "SHA256SUMS");
  const hash = createHash("sha256").update(after).digest("hex");
  await writeFile(
    sums,
    (await readFile(sums, "utf8")).replace(/^\w{64}  manifest\.json$/m, `${hash}  manifest.json`),
  );
}

const damages: readonly Damage[] = [
  ...partDamages("source", sourcePart),
  ...partDamages("table", tablePart),
  {
    title: "a file that no manifest names",
    async damage(archive) {
      await writeFile(join(archive, "source", "stranger.txt"), "x");
      return "stranger.txt";
    },
  },
  {
    title: "a file in mysql/ that no manifest names",
    async damage(archive) {
      await writeFile(join(archive, "mysql", "stranger.txt"), "x");
      return "stranger.txt";
    },
  },
  {
    title: "no manifest",
    async damage(archive) {
      await rm(join(archive, "manifest.json"));
      return "manifest.json";
    },
  },
  {
    title: "half a manifest",
    async damage(archive) {
      await truncate(join(archive, "manifest.json"), 100);
      return "manifest.json";
    },
  },
  {
    title: "a changed SHA256SUMS",
    async damage(archive) {
      await appendFile(join(archive, "SHA256SUMS"), "\n");
      return "SHA256SUMS";
    },
  },
  {
    title: "a changed load.sh",
    async damage(archive) {
      await appendFile(join(archive, "mysql", "load.sh"), "\n");
      return "load.sh";
    },
  },
  ...["", "mysql"].flatMap((below): Damage[] => [
    {
      title: `a manifest of a newer format in ./${below}`,
      async damage(archive) {
        await tamper(join(archive, below), (t) => t.replace(/"formatVersion": ?1/, '"formatVersion": 999'));
        return "999";
      },
    },
    ...["../../x", "/etc/passwd", "source/../../x", "a\\\\..\\\\x"].map((path) => ({
      title: `a manifest that names ${path} in ./${below}`,
      async damage(archive: string) {
        await tamper(join(archive, below), (t) => t.replace(/"file": ?"[^"]*\.zst"/, `"file": "${path}"`));
        return "outside the archive";
      },
    })),
    {
      title: `a manifest with a count changed in ./${below}`,
      async damage(archive) {
        const path = join(archive, below, "manifest.json");
        await writeFile(path, (await readFile(path, "utf8")).replace(/"lineCount": ?50/, '"lineCount": 51'));
        return "SHA256SUMS";
      },
    },
  ]),
  {
    title: "the mysql/ of another archive",
    async damage(archive) {
      await tamper(archive, (t) => t.replace(/"host": ?"[^"]*"/, '"host": "elsewhere"'));
      return "another archive";
    },
  },
];

const { isLacking, why } = lacking("mongodb", "mysql");
describe.skipIf(isLacking)(`an archive that is not as it was made${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let whole: string;
  let database: SqlDatabase;
  beforeAll(async () => {
    place = await folder();
    whole = await smallArchive(place.path);
    database = await sqlDatabase("mysql", ownName("damaged"));
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  for (const { title, damage } of damages)
    test(`with ${title} is refused by verify and load, and nothing reaches the target`, async () => {
      const archive = await copyOf(whole, place.path);
      const name = await damage(archive);
      for (const refused of [await verified(archive), await loaded(archive, database.url)]) {
        expect(refused.error).toMatchObject({ exitCode: 5 });
        expect(refused.text).toContain(name);
      }
      expect(await database.tables()).toEqual([]);
    });

  // A link to the very same bytes is for verify to refuse; transform proves what it reads, wherever it lies.
  const untransformed = partDamages("source", sourcePart).filter(({ title }) => !title.includes("link"));
  for (const { title, damage } of untransformed)
    test(`with ${title} that was not transformed yet is refused by transform and load`, async () => {
      const archive = await copyOf(whole, place.path);
      await rm(join(archive, "mysql"), { recursive: true });
      const name = await damage(archive);
      for (const refused of [await transformed(archive), await loaded(archive, database.url)]) {
        expect(refused.error).toMatchObject({ exitCode: 5 });
        expect(refused.text).toContain(name);
      }
      expect(await database.tables()).toEqual([]);
    });
});
