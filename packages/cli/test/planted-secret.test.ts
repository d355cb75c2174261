import { globSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak, start, type RunSettings } from "@firebreak/testing/command-line/firebreak";
import { inTerminal } from "@firebreak/testing/command-line/in-terminal";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { until } from "@firebreak/testing/servers/until";

const { isLacking, why } = lacking("mongodb", "mysql");

/** The planted password. Its parts are looked for, since a message may show a piece of it. */
const SECRET = "Planted4711";
const PIECES = /Planted|4711/i;

const SAMPLE = join(import.meta.dirname, "..", "..", "..", "fixtures", "archive-v1");

/** Expects that no file below a folder has the secret, under its name or compressed. */
function expectClean(path: string, except: readonly string[] = []): void {
  const files = globSync("**", { cwd: path }).filter((file) => statSync(join(path, file)).isFile());
  for (const file of files.filter((name) => !except.includes(name))) {
    const bytes = readFileSync(join(path, file));
    const text = file.endsWith(".zst") ? zstdDecompressSync(bytes) : bytes;
    expect(PIECES.test(text.toString("latin1")), file).toBe(false);
  }
}

const BROKEN = [
  `mysql://me:${SECRET}@`,
  `mysql://me:${SECRET}@:3306`,
  `mysql://me:${SECRET}@127.0.0.1:none/db`,
  `mysql://me:${SECRET}@127.0.0.1:1/db`,
  `mysql://me:${SECRET}@no.such.host.invalid/db`,
  `mysql://me:%zz${SECRET}@127.0.0.1/db`,
  `mysql://me:a@${SECRET}@127.0.0.1/db`,
  `mysql://me:a/${SECRET}@127.0.0.1/db`,
  `mysql://me:a#${SECRET}@127.0.0.1/db`,
  `mysql://me:a?${SECRET}@127.0.0.1/db`,
  `mysql://me:${SECRET}@127.0.0.1/db?sslmode=none`,
  `mysql:/me:${SECRET}@127.0.0.1/db`,
  `msql://me:${SECRET}@127.0.0.1/db`,
  `me:${SECRET}@127.0.0.1`,
  SECRET,
] as const;

/** The same for MongoDB, which is not looked for as long as by default. */
function ofMongodb(url: string): string {
  const changed = url.replace(/^mysql/, "mongodb").replace(/^msql/, "mngodb");
  return changed.endsWith("/db") ? `${changed}?serverSelectionTimeoutMS=100` : changed;
}

const FURTHER = [
  `mongodb://me:${SECRET}@127.0.0.1:1/?authSource=a&serverSelectionTimeoutMS=100`,
  `mongodb+srv://me:${SECRET}@no.such.host.invalid/`,
  `mongodb://127.0.0.1:1/?tls=true&tlsCertificateKeyFilePassword=${SECRET}&serverSelectionTimeoutMS=100`,
  `mongodb://me:${SECRET}@127.0.0.1:1/?authMechanism=none`,
] as const;

describe("a secret in a URL that is not right is in no output", () => {
  const cases = [
    ...BROKEN.map((url) => ["mysql", url] as const),
    ...BROKEN.map((url) => ["mongodb", ofMongodb(url)] as const),
    ...FURTHER.map((url) => ["mongodb", url] as const),
  ];
  test.each(cases)("%s: %s", async (kind, url) => {
    await using place = await folder();
    const [file, config] = [join(place.path, "url"), join(place.path, "firebreak.yaml")];
    await writeFile(file, `${url}\n`);
    await writeFile(config, JSON.stringify({ [`${kind}-url`]: url }));
    const variable = `FIREBREAK_${kind.toUpperCase()}_URL`;
    const ways: readonly RunSettings[] = [
      { environment: { [variable]: url } },
      { environment: { [`${variable}_FILE`]: file } },
      { environment: { FIREBREAK_CONFIG: config, FIREBREAK_JSON: "true" } },
    ];
    const args = [
      "export",
      "--source",
      kind,
      "--archive",
      join(place.path, "a"),
      ...(kind === "mongodb" ? ["--give-up-after", "0.001"] : []),
    ];
    for (const way of ways) {
      const { exitCode, output } = await firebreak(args, way);
      expect(output).not.toMatch(PIECES);
      expect([2, 6, 7]).toContain(exitCode);
    }
    expectClean(place.path, ["url", "firebreak.yaml"]);
  });

  test.each(BROKEN.filter((url) => url !== SECRET))("as a flag: %s", async (url) => {
    await using place = await folder();
    for (const args of [
      ["load", "--mysql-url", url],
      ["export", "--mongodb-url", ofMongodb(url)],
      ["export", "--mongodb-ulr", url],
      ["load", `--to=${url}`],
      ["load", url],
      [url],
      ["init", "--yes", "--source", "mysql", "--mysql-url", url],
    ])
      for (const more of [[], ["--json"]]) {
        const { exitCode, output } = await firebreak([...args, ...more], { cwd: place.path });
        expect(output, args.join(" ")).not.toMatch(PIECES);
        expect([2, 5], args.join(" ")).toContain(exitCode);
      }
  });
});

test("no process has a secret in its arguments or its title", async () => {
  await using place = await folder();
  const silent = createServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const { port } = silent.address() as AddressInfo;
  let isConnected = false;
  silent.on("connection", () => (isConnected = true));
  const run = start(["load", "--archive", SAMPLE, "--work", place.path], {
    mysqlUrl: `mysql://me:${SECRET}@127.0.0.1:${port}/db`,
  });
  try {
    await until("it connects", async () => isConnected);
    const seen = globSync(`/proc/${run.pid}/{cmdline,comm,task/*/comm}`).map((file) =>
      readFileSync(file, "latin1"),
    );
    const children = readFileSync(`/proc/${run.pid}/task/${run.pid}/children`, "utf8").trim();
    for (const child of children.split(" ").filter(Boolean))
      seen.push(readFileSync(`/proc/${child}/cmdline`, "latin1"));
    expect(seen.join("\n")).toContain("load");
    expect(seen.join("\n")).not.toMatch(PIECES);
  } finally {
    run.kill("SIGKILL");
    await run;
    silent.close();
  }
});

describe.skipIf(isLacking)(`with servers${why}`, () => {
  let target: SqlDatabase;
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  const user = `keeper_${process.pid}`;
  const withSecret = (url: string, secret = SECRET): string =>
    url.replace(/\/\/(?:[^/@]*@)?/, `//${user}:${secret}@`);
  beforeAll(async () => {
    target = await sqlDatabase("mysql", ownName("kept"));
    await target.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${SECRET}'`);
    await target.connection.query(`GRANT ALL ON \`${target.name}\`.* TO '${user}'@'%'`);
    source = await mongodbDatabase(ownName("kept"));
    await source.db.command({ createUser: user, pwd: SECRET, roles: ["dbOwner"] });
    await source.db.collection("items").insertMany([{ a: 1 }, { a: "text" }, { a: { b: 2 } }]);
  });
  afterAll(async () => {
    await target.connection.query(`DROP USER '${user}'@'%'`);
    await target[Symbol.asyncDispose]();
    await source.db.command({ dropUser: user });
    await source[Symbol.asyncDispose]();
  });

  test("no command prints a secret, or writes it to a file, whether it ends well or not", async () => {
    await using place = await folder();
    const archive = join(place.path, "archive");
    const said: RunSettings = {
      mongodbUrl: withSecret(source.url),
      mysqlUrl: withSecret(target.url),
      environment: { FIREBREAK_ARCHIVE: archive },
    };
    const wrong: RunSettings = {
      ...said,
      mongodbUrl: withSecret(source.url, `${SECRET}x`),
      mysqlUrl: withSecret(target.url, `${SECRET}x`),
    };
    const run = async (args: readonly string[], exitCode: number): Promise<void> => {
      const refused = await firebreak(args, wrong);
      const ended = await firebreak([...args, "--json"], said);
      expect({ args, exitCode: ended.exitCode, output: ended.output }).toMatchObject({ args, exitCode });
      for (const { output } of [refused, ended]) expect(output).not.toMatch(PIECES);
    };
    await run(["export"], 0);
    await run(["transform"], 0);
    await run(["load"], 0);
    await run(["checksum"], 0);
    await run(["status"], 0);
    await target.connection.query("UPDATE items SET a = 'other' LIMIT 1").catch(() => undefined);
    await target.connection.query("DELETE FROM items LIMIT 1");
    await run(["checksum"], 4);
    await run(["checksum", "--repair", join(place.path, "repair")], 4);
    await run(["export", "--source", "mysql", "--archive", join(place.path, "of-mysql")], 0);
    await run(["inspect", "--target-facts", join(place.path, "facts.json")], 0);
    await run(["restore", "--drop", "--yes"], 0);
    await run(["bundle", "--out", join(place.path, "bundle")], 0);
    expectClean(place.path);
  });

  test("a secret that is typed at a question is not on the screen, and in no file", async () => {
    await using place = await folder();
    const asking = withSecret(target.url, "?");
    const args = ["load", "--archive", SAMPLE, "--work", join(place.path, "work"), "--mysql-url", asking];
    const refused = await inTerminal(args, [["Password", `${SECRET}x`]], { cwd: place.path });
    expect(refused.exitCode).toBe(6);
    expect(refused.screen).not.toMatch(PIECES);
    const made = await inTerminal(
      ["init", "--source", "mysql", "--mysql-url", asking],
      [
        ["Target:", "none"],
        ["Password", SECRET],
        ["Folder", ""],
        ["Globs", ""],
        ["age", ""],
      ],
      { cwd: place.path },
    );
    expect(made.exitCode).toBe(0);
    expect(made.screen).not.toMatch(PIECES);
    expectClean(place.path);
  });
});
