import { appendFile, cp, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BSON, Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from "bson";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LineEncoder } from "@firebreak/archive";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

/** A document as export writes it. */
function lineOf(document: Uint8Array): string {
  const encoder = new LineEncoder();
  encoder.encode(Buffer.from(document), 0, document.length);
  return encoder.out.written().toString("utf8");
}

const id = (seconds: number, n: number): ObjectId =>
  ObjectId.createFromHexString(seconds.toString(16).padStart(8, "0") + String(n).padStart(16, "0"));

const PEOPLE = Array.from({ length: 10 }, (_, n) => ({
  _id: id(1_700_000_000 + n, n),
  name: n === 3 ? "Ada 😀" : `person ${n}`,
  ...(n % 2 === 0 ? { age: new Int32(20 + n) } : n === 1 ? { age: new Double(20.5) } : {}),
  born: new Date(Date.UTC(1980, 0, 1 + n)),
  ...(n === 9 ? { photo: new Binary(Buffer.alloc(300)), tags: ["x"], home: { city: "Ulm" } } : {}),
  ...(n === 8
    ? { at: Timestamp.fromBits(1, 2), sum: Decimal128.fromString("1.5"), many: Long.fromNumber(7) }
    : {}),
}));

/** A document with a name twice: canonical Extended JSON cannot say it. */
const TWICE = Buffer.from("\x13\0\0\0\x08name\0\x01\x08name\0\0\0", "latin1");

let place: Awaited<ReturnType<typeof folder>>;
let archive: string;
beforeAll(async () => {
  place = await folder();
  archive = join(place.path, "archive");
  const lines = PEOPLE.map((p) => lineOf(BSON.serialize(p)));
  await writeArchive(archive, [
    {
      collection: "people",
      indexes: [
        '{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}',
        '{"v":{"$numberInt":"2"},"key":{"b":{"$numberInt":"1"},"1":{"$numberInt":"-1"}},"name":"b_1_1_-1","unique":true}',
      ],
      parts: [lines.slice(0, 4), [...lines.slice(4), lineOf(TWICE)], []],
    },
    {
      collection: "Log\u001b[2Jm",
      kind: "capped",
      options: '{"capped":true,"size":{"$numberInt":"4096"}}',
      parts: [['{"_id":{"$numberInt":"1"}}']],
    },
    { collection: "some", kind: "view", options: '{"viewOn":"people","pipeline":[]}', parts: [] },
  ]);
});
afterAll(() => place[Symbol.asyncDispose]());

const inspect = (...args: readonly string[]): ReturnType<typeof firebreak> =>
  firebreak(["inspect", "--archive", archive, ...args]);

describe("the overview", () => {
  test("says where the archive is from and what it holds, without reading a part", async () => {
    const copy = join(place.path, "without-parts");
    await cp(archive, copy, { recursive: true });
    await rm(join(copy, "source/db/people/00001.ndjson.zst"));
    const { exitCode, stdout } = await firebreak(["inspect", "--archive", copy]);
    expect(exitCode).toBe(0);
    for (const said of [
      copy,
      "2025-03-01T10:00:00.000Z to 2025-03-01T10:00:05.000Z from MongoDB 6.0.1, on source-host by Firebreak 0.1.0",
      "each document as it was at some moment",
      "--part-mib 64 --include db.*",
      "not yet",
    ])
      expect(stdout).toContain(said);
    expect(stdout).toMatch(
      /^db\.people: collection, 11 documents, 3 parts, [\d,]+ bytes, compressed [\d,]+$/m,
    );
    expect(stdout).toMatch(/^ +index +_id_ \{"_id":1\}$/m);
    expect(stdout).toMatch(/^ +index +b_1_1_-1 \{"b":1,"1":-1\} \{"unique":true\}$/m);
    expect(stdout).toMatch(/capped, 1 document, 1 part/);
    expect(stdout).toMatch(/^ +options +\{"capped":true,"size":4096\}$/m);
    expect(stdout).toMatch(/^db\.some: view, 0 documents, 0 parts/m);
  });

  test("tells what transform made of it", async () => {
    const copy = join(place.path, "transformed");
    await writeArchive(copy, [
      { collection: "c", parts: [['{"_id":{"$numberInt":"1"}}', '{"_id":{"$numberInt":"1"}}']] },
    ]);
    expect((await firebreak(["transform", "--archive", copy])).exitCode).toBe(3);
    const { exitCode, stdout } = await firebreak(["inspect", "--archive", copy]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("with profile generic: 1 table, 1 row, 1 document in quarantine");
    expect(stdout).toMatch(/^ +table +c, 1 row$/m);
    expect(stdout).toMatch(/^ +quarantine +1 document$/m);
  });

  test("spells out what a terminal would obey", async () => {
    const { stdout } = await inspect();
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("db.Log\\u{1b}[2Jm");
  });

  test("with --json is events and the summary", async () => {
    const events = eventsOf(await mustEndWell(["inspect", "--archive", archive, "--json"]));
    expect(events[0]).toMatchObject({
      event: "archive",
      consistency: "document",
      sizes: { parts: 4 },
      run: { server: "MongoDB 6.0.1" },
    });
    expect(events[1]).toMatchObject({
      event: "namespace",
      namespace: "db.people",
      collectionKind: "collection",
      documents: 11,
      indexes: [
        { name: "_id_", key: '{"_id":{"$numberInt":"1"}}', options: "{}" },
        {
          name: "b_1_1_-1",
          key: '{"b":{"$numberInt":"1"},"1":{"$numberInt":"-1"}}',
          options: '{"unique":true}',
        },
      ],
    });
    expect(events.at(-1)).toMatchObject({
      event: "summary",
      command: "inspect",
      ok: true,
      namespaces: [
        { namespace: "db.people", documents: 11, lines: 11 },
        { documents: 1 },
        { namespace: "db.some", documents: 0 },
      ],
    });
  });
});

describe("the survey of a namespace", () => {
  test("has each field with its kinds, share, lengths and times, and counts raw lines", async () => {
    const events = eventsOf(
      await mustEndWell(["inspect", "--archive", archive, "--namespace", "db.people", "--json"]),
    );
    const survey = events.find(({ event }) => event === "survey");
    const ids = { least: 1_700_000_000_000, most: 1_700_000_009_000 };
    expect(survey).toEqual({
      event: "survey",
      namespace: "db.people",
      lines: 11,
      rawLines: 1,
      furtherValues: 0,
      fields: [
        { name: "_id", documents: 10, kinds: { objectId: 10 }, times: ids },
        { name: "name", documents: 11, kinds: { string: 10, boolean: 1 }, characters: { least: 5, most: 8 } },
        { name: "age", documents: 6, kinds: { int32: 5, double: 1 } },
        {
          name: "born",
          documents: 10,
          kinds: { date: 10 },
          times: { least: Date.UTC(1980, 0, 1), most: Date.UTC(1980, 0, 10) },
        },
        { name: "at", documents: 1, kinds: { timestamp: 1 } },
        { name: "sum", documents: 1, kinds: { decimal: 1 } },
        { name: "many", documents: 1, kinds: { int64: 1 } },
        { name: "photo", documents: 1, kinds: { binary: 1 }, bytes: { least: 300, most: 300 } },
        { name: "tags", documents: 1, kinds: { array: 1 } },
        { name: "home", documents: 1, kinds: { document: 1 } },
      ],
    });
    for (const jobs of ["1", "3"])
      expect(
        eventsOf(await inspect("--namespace", "db.people", "--json", "--jobs", jobs)).find(
          ({ event }) => event === "survey",
        ),
      ).toEqual(survey);
  });

  test("is a table for people", async () => {
    const { stdout } = await inspect("--namespace", "db.people");
    expect(stdout).toContain("11 documents; 1 raw line among them");
    expect(stdout).toMatch(/^name +11 +100\.0 % +string 10, boolean 1 +5 to 8 characters$/m);
    expect(stdout).toMatch(/^age +6 +54\.5 % +int32 5, double 1$/m);
    expect(stdout).toMatch(/^born .*1980-01-01T00:00:00\.000Z to 1980-01-10T00:00:00\.000Z$/m);
    expect(stdout).toMatch(/^photo .* 300 bytes$/m);
  });

  test("of one without documents is empty", async () => {
    const { exitCode, stdout } = await inspect("--namespace", "db.some");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("0 documents; 0 raw lines");
  });
});

describe("--grep", () => {
  test("prints the documents that contain the text and nothing else on stdout", async () => {
    const { exitCode, stdout, stderr } = await inspect("--namespace", "db.people", "--grep", "Ada 😀");
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: lineOf(BSON.serialize(PEOPLE[3]!)) });
    expect(stderr).toContain("1 of 11 documents of db.people found");
  });

  test("minds the case, and takes the text as it stands: no pattern", async () => {
    for (const text of ["ADA", "Ada.", "person .*"])
      expect((await inspect("--namespace", "db.people", "--grep", text)).stdout).toBe("");
    expect(
      (await inspect("--namespace", "db.people", "--grep", '"name":"person 4"')).stdout.split("\n"),
    ).toHaveLength(1);
  });

  test("of nothing prints all documents, in the order of the parts", async () => {
    const { stdout } = await inspect("--namespace", "db.people", "--grep", "");
    expect(stdout.split("\n")).toEqual([...PEOPLE.map((p) => lineOf(BSON.serialize(p))), lineOf(TWICE)]);
  });

  test("with --json gives an event for each", async () => {
    const events = eventsOf(await inspect("--namespace", "db.people", "--grep", "person", "--json"));
    expect(events.filter(({ event }) => event === "line")).toHaveLength(9);
    expect(events[0]).toEqual({
      event: "line",
      namespace: "db.people",
      line: lineOf(BSON.serialize(PEOPLE[0]!)),
    });
    expect(events.at(-1)).toMatchObject({ event: "summary", ok: true });
  });

  test("ends quietly when nobody reads on", async () => {
    const many = join(place.path, "many");
    const line = `{"_id":{"$numberInt":"1"},"text":"${"x".repeat(1000)}"}`;
    await writeArchive(many, [{ collection: "c", parts: [Array.from({ length: 5000 }, () => line)] }]);
    const main = join(import.meta.dirname, "../../cli/dist/main.js");
    const command = `"$0" "$@" | head -n 1`;
    const args = [main, "inspect", "--archive", many, "--namespace", "db.c", "--grep", ""];
    const { stdout, stderr, exitCode } = await execa(
      "bash",
      ["-o", "pipefail", "-c", command, process.execPath, ...args],
      { reject: false },
    );
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: line, stderr: "", exitCode: 0 });
  });
});

describe("what is not right is named:", () => {
  test("a namespace that the archive has not, with those that it has", async () => {
    const { exitCode, stderr, stdout } = await inspect("--namespace", "db.persons");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/db\.persons.*\n.*db\.people/);
  });

  test("text to look for without a namespace, and no text at all", async () => {
    for (const args of [
      ["--grep", "x"],
      ["--namespace", "db.people", "--grep"],
      ["--namespace", ""],
    ]) {
      const { exitCode, stderr } = await inspect(...args);
      expect({ args, exitCode }).toEqual({ args, exitCode: 2 });
      expect(stderr).toMatch(/grep|namespace/);
    }
  });

  test("a damaged part, for survey and search", async () => {
    const copy = join(place.path, "damaged");
    await cp(archive, copy, { recursive: true });
    const part = "source/db/people/00001.ndjson.zst";
    await appendFile(join(copy, part), "x");
    for (const args of [[], ["--grep", "x"]]) {
      const { exitCode, stderr } = await firebreak([
        "inspect",
        "--archive",
        copy,
        "--namespace",
        "db.people",
        ...args,
      ]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining(part) as string });
    }
  });

  test("a changed collection.json", async () => {
    const copy = join(place.path, "changed");
    await cp(archive, copy, { recursive: true });
    const file = join(copy, "source/db/people/collection.json");
    const { size } = await stat(file);
    await writeFile(file, " ".repeat(size));
    const { exitCode, stderr } = await firebreak(["inspect", "--archive", copy]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining(file) as string });
  });

  test("an archive without its manifest, or none", async () => {
    const copy = join(place.path, "incomplete");
    await cp(archive, copy, { recursive: true });
    await rm(join(copy, "manifest.json"));
    for (const path of [copy, join(place.path, "nowhere")]) {
      const { exitCode, stderr } = await firebreak(["inspect", "--archive", path]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining(path) as string });
    }
  });
});
