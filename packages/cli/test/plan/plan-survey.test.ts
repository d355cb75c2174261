import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Binary } from "bson";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, killedAt, type Ended } from "@firebreak/testing/command-line/firebreak";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { planned } from "./planned.ts";

/** More than the samples take: the oldest documents are in none. */
const FILLING = 60;
const MIB = 1 << 20;

/** A small disk of its own, seen by the command in it alone: `$0` is its folder. */
const SMALL_DISK = `mount -t tmpfs -o size=200m none "$0" && "$@"; code=$?; ls -R "$0"; exit $code`;
const [program, ...own] = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];
const canMount =
  (await execa(program, [...own, "mount", "-t", "tmpfs", "none", "/mnt"], { reject: false })).exitCode === 0;
const noMount = canMount ? "" : " (skipped: unshare and mount are not permitted here)";

const { isLacking, why } = lacking("mongodb", "mysql");
describe.skipIf(isLacking)(`a plan with a survey of all documents${why}`, () => {
  const name = ownName("plan_survey");
  let mongodb: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  let database: SqlDatabase;
  const args = (...more: string[]): string[] => {
    const work = join(place.path, "work");
    return ["plan", "--json", "--archive", join(place.path, "archive"), "--work", work, ...more];
  };
  const plan = (...more: string[]): Promise<Ended> =>
    firebreak(args("--include", `${name}.*`, ...more), {
      mongodbUrl: urlOf("mongodb"),
      mysqlUrl: database.url,
    });
  beforeAll(async () => {
    place = await folder();
    mongodb = await mongodbDatabase(name);
    database = await sqlDatabase("mysql", ownName("plan_survey"));
    const keys = mongodb.db.collection<{ _id: string; data?: Binary }>("keys");
    // The longest key of a table is shorter than this: these are the oldest, and in no sample.
    await keys.insertMany(Array.from({ length: 3 }, (_, i) => ({ _id: `${"!".repeat(4000)}${i}` })));
    for (let i = 0; i < FILLING; i++)
      await keys.insertOne({ _id: `key ${i}`, data: new Binary(randomBytes(MIB)) });
  });
  afterAll(async () => {
    await mongodb[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test("counts what goes to quarantine by its reason, which a sample does not see, and leaves nothing", async () => {
    const sampled = planned(await plan());
    expect(sampled.survey).toBeUndefined();
    expect(sampled.findings.map(({ code }) => code)).not.toContain("quarantined");
    const ended = await plan("--survey", "all");
    expect(ended.exitCode, ended.output).toBe(0);
    const { survey, findings } = planned(ended);
    expect(survey).toEqual({
      documents: FILLING + 3,
      quarantined: 3,
      reasons: [{ namespace: `${name}.keys`, reason: "key-too-long", field: "_id", documents: 3 }],
    });
    const fields = { namespace: `${name}.keys`, documents: 3, of: FILLING + 3 };
    expect(findings).toContainEqual({ code: "quarantined", severity: "warn", fields });
    expect(ended.stderr).toContain(`Of all ${FILLING + 3} documents, 3 go to quarantine.`);
    expect(ended.stderr).toContain("key-too-long");
    expect(await readdir(join(place.path, "work"))).toEqual(["checklist.md", "plan.json"]);
  });

  test("that is killed is removed by the next one, which says so", async () => {
    const urls = { mongodbUrl: urlOf("mongodb"), mysqlUrl: database.url };
    await killedAt("survey-made:1", args("--include", `${name}.*`, "--survey", "all"), urls);
    expect((await readdir(join(place.path, "work"))).some((file) => file.startsWith("scratch-"))).toBe(true);
    const again = await plan();
    expect(again.exitCode, again.output).toBe(0);
    expect(eventsOf(again)).toContainEqual(expect.objectContaining({ code: "scratch-removed" }));
    expect(await readdir(join(place.path, "work"))).toEqual(["checklist.md", "plan.json"]);
  });

  test.skipIf(!canMount)(
    `is refused if the disk cannot hold it, and leaves nothing on the disk${noMount}`,
    async () => {
      await using large = await mongodbDatabase(ownName("plan_large"));
      for (let i = 0; i < 3 * FILLING; i++)
        await large.db.collection("a").insertOne({ data: new Binary(randomBytes(MIB)) });
      const disk = join(place.path, "disk");
      await mkdir(disk);
      const included = ["--include", `${large.db.databaseName}.*`];
      const refused = await firebreak(
        [
          "plan",
          "--archive",
          join(disk, "archive"),
          "--work",
          join(disk, "work"),
          "--survey",
          "all",
          ...included,
        ],
        {
          mongodbUrl: urlOf("mongodb"),
          mysqlUrl: database.url,
          within: [program, ...own, "sh", "-c", SMALL_DISK, disk],
        },
      );
      expect(refused.exitCode, refused.output).toBe(6);
      expect(refused.stderr).toContain("A survey of all documents needs about");
      expect(refused.stderr).toContain("--survey sample");
      expect(refused.output).not.toContain("scratch-");
    },
  );

  test("is not of anything but a sample or all", async () => {
    const ended = await plan("--survey", "some");
    expect(ended.exitCode, ended.output).toBe(2);
  });
});
