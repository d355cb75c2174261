import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { CTRL_C, inTerminal } from "@firebreak/testing/command-line/in-terminal";
import {
  asUser,
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";

const { isLacking, why } = lacking("mongodb", "mysql");

/** Has each character that a URL takes only escaped. */
const PASSWORD = "pl@nted/4711:?%é ";
const DEAD = "mysql://root@127.0.0.1:1/x";

async function contentOf(path: string): Promise<Record<string, unknown>> {
  return parse(await readFile(join(path, "firebreak.yaml"), "utf8")) as Record<string, unknown>;
}

describe("without a terminal", () => {
  test("init says which flags it needs, and writes nothing", async () => {
    await using place = await folder();
    const ended = await firebreak(["init"], { cwd: place.path });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("there is no terminal to ask on");
    expect(ended.stderr).toContain("firebreak init --help");
    expect(await readdir(place.path)).toEqual([]);
  });

  test("with --yes and no URL it names the variable", async () => {
    await using place = await folder();
    const ended = await firebreak(["init", "--yes"], { cwd: place.path });
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("FIREBREAK_MONGODB_URL") });
  });

  test("a server that does not answer ends it, and nothing is written", async () => {
    await using place = await folder();
    const args = ["init", "--yes", "--source", "mysql", "--mysql-url", DEAD];
    expect((await firebreak(args, { cwd: place.path })).exitCode).toBe(7);
    expect(await readdir(place.path)).toEqual([]);
  });

  test.each(["firebreak.yaml", "firebreak.mysql-url"])("%s stays as it is, unless --yes", async (name) => {
    await using place = await folder();
    const file = join(place.path, name);
    await writeFile(file, "jobs: 1\n");
    const args = ["init", "--source", "dump", "--dump", "/backup/dump"];
    const { exitCode, screen } = await inTerminal(args, [], { cwd: place.path });
    expect(exitCode).toBe(6);
    expect(screen).toContain(`${name} is there already`);
    expect(await readFile(file, "utf8")).toBe("jobs: 1\n");
    expect((await firebreak([...args, "--yes"], { cwd: place.path })).exitCode).toBe(0);
    expect(await contentOf(place.path)).toEqual({
      source: "dump",
      dump: "/backup/dump",
      archive: join(place.path, "archive"),
    });
    const used = await firebreak(["status", "--config", file], { cwd: place.path });
    expect(used.stderr).toContain(join(place.path, "archive"));
  });

  test("a target of the source's kind is refused, for there is one URL of each kind", async () => {
    const ended = await firebreak([
      "init",
      "--yes",
      "--source",
      "mysql",
      "--to",
      "mysql",
      "--mysql-url",
      DEAD,
    ]);
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--to mysql is the kind") });
  });
});

test("Ctrl-C at any question ends it with 130, and nothing is left behind", async () => {
  await using place = await folder();
  const steps = [
    ["Source:", "dump"],
    ["that mongodump wrote:", "/backup/dump"],
    ["Target:", "none"],
    ["Folder of the archive", ""],
    ["Globs on", "shop.*"],
    ["age recipients", CTRL_C],
  ] as const;
  for (let last = 1; last <= steps.length; last++) {
    const answers = steps
      .slice(0, last)
      .map(([question, answer], i) => [question, i === last - 1 ? CTRL_C : answer] as const);
    const { exitCode, screen } = await inTerminal(["init"], answers, { cwd: place.path });
    expect({ last, exitCode }).toEqual({ last, exitCode: 130 });
    expect(screen).toContain("Interrupted.");
    expect(await readdir(place.path)).toEqual([]);
  }
});

describe.skipIf(isLacking)(`with servers${why}`, () => {
  let target: SqlDatabase;
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  const user = `init_${process.pid}`;
  beforeAll(async () => {
    target = await sqlDatabase("mysql", ownName("init"));
    await target.connection.query("CREATE TABLE one (id INT PRIMARY KEY)");
    await target.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY ?`, [PASSWORD]);
    await target.connection.query(`GRANT ALL ON \`${target.name}\`.* TO '${user}'@'%'`);
    source = await mongodbDatabase(ownName("init"));
    await source.db.collection("items").insertOne({ a: 1 });
  });
  afterAll(async () => {
    await target.connection.query(`DROP USER '${user}'@'%'`);
    await target[Symbol.asyncDispose]();
    await source[Symbol.asyncDispose]();
  });

  test("init asks again where a server refuses, keeps the password in a file, and the settings work", async () => {
    await using place = await folder();
    const mysqlUrl = asUser(target.url, user, "");
    const { exitCode, screen } = await inTerminal(
      ["init"],
      [
        ["Source:", "mongo"],
        ["Source:", ""],
        ["Target:", ""],
        ["URL of the source, MongoDB", source.url],
        ["URL of the target, MySQL", mysqlUrl],
        ["Password", "wrong4711"],
        ["URL of the target, MySQL", mysqlUrl],
        ["Password", PASSWORD],
        ["Keep the URL", ""],
        ["Folder of the archive", "shop"],
        ["Globs on", "*.items *.other"],
        ["age recipients", "age1nonsense"],
        ["age recipients", ""],
      ],
      { cwd: place.path },
    );
    expect({ exitCode, screen }).toMatchObject({ exitCode: 0 });
    expect(screen).toMatch(/MongoDB 6\.\S+ at \S+, a replica set: the database \S+ has 1 collection\./);
    expect(screen).toMatch(/MySQL 9\.\S+ at \S+: the database \S+ has 1 table\./);
    expect(screen).toContain("refused the login");
    expect(screen).toContain(
      `*.other matches nothing at the source; the nearest name is ${source.db.databaseName}.items.`,
    );
    for (const secret of ["pl@nted", "4711", encodeURIComponent(PASSWORD)])
      expect(screen).not.toContain(secret);
    const secretFile = join(place.path, "firebreak.mysql-url");
    expect((await stat(secretFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(join(place.path, "firebreak.yaml"), "utf8")).not.toContain("4711");
    expect(await contentOf(place.path)).toEqual({
      source: "mongodb",
      "mongodb-url": source.url,
      "mysql-url-file": secretFile,
      archive: join(place.path, "shop"),
      include: ["*.items", "*.other"],
    });
    expect((await readdir(place.path)).toSorted()).toEqual(["firebreak.mysql-url", "firebreak.yaml"]);
    await source.db.collection("other").insertOne({ a: 1 });
    const environment = { FIREBREAK_CONFIG: join(place.path, "firebreak.yaml") };
    for (const verb of ["export", "load", "checksum"])
      expect(await firebreak([verb], { environment })).toMatchObject({ exitCode: 0 });
  });

  test("who keeps no password is asked for it by each command, and by none that does not need it", async () => {
    await using place = await folder();
    const cwd = place.path;
    const made = await inTerminal(
      ["init", "--source", "mongodb", "--mongodb-url", source.url, "--include", "*.items"],
      [
        ["Target:", "mysql"],
        ["URL of the target, MySQL", asUser(target.url, user, "")],
        ["Password", PASSWORD],
        ["Keep the URL", "n"],
        ["Folder of the archive", ""],
        ["age recipients", ""],
      ],
      { cwd },
    );
    expect(made).toMatchObject({ exitCode: 0 });
    expect(await readdir(cwd)).toEqual(["firebreak.yaml"]);
    expect((await contentOf(cwd))["mysql-url"]).toBe(asUser(target.url, user, "QUERY").replace("QUERY", "?"));
    const config = ["--config", "firebreak.yaml"];
    expect((await firebreak(["export", ...config], { cwd })).exitCode).toBe(0);
    const unasked = await firebreak(["load", ...config], { cwd });
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no terminal to ask on") });
    const loaded = await inTerminal(["load", ...config], [[`Password of ${user} at`, PASSWORD]], { cwd });
    expect(loaded).toMatchObject({ exitCode: 0 });
    expect(loaded.screen).not.toContain("pl@nted");
    const interrupted = await inTerminal(["checksum", ...config], [["Password", CTRL_C]], { cwd });
    expect(interrupted.exitCode).toBe(130);
  });

  test("of lines pasted together only those that answer a question are shown, and none that is a secret", async () => {
    await using place = await folder();
    const url = asUser(target.url, user, "");
    const { exitCode, screen } = await inTerminal(
      ["init"],
      [
        ["Source:", "mysql"],
        ["Target:", "none"],
        ["URL of the source, MySQL", `${url}\r${PASSWORD}\ry`],
        ["Folder of the archive", ""],
        ["Globs on", ""],
        ["age recipients", ""],
      ],
      { cwd: place.path },
    );
    expect({ exitCode, screen }).toMatchObject({ exitCode: 0 });
    for (const secret of ["pl@nted", "4711"]) expect(screen).not.toContain(secret);
    expect(screen).toMatch(/Keep the URL[^\n]*\[Y\/n\] y/);
    expect(await readFile(join(place.path, "firebreak.mysql-url"), "utf8")).toContain(
      encodeURIComponent(PASSWORD),
    );
  });

  test("with --yes and all values in the environment it asks nothing", async () => {
    await using place = await folder();
    const ended = await firebreak(["init", "--yes"], {
      cwd: place.path,
      mongodbUrl: source.url,
      mysqlUrl: asUser(target.url, user, encodeURIComponent(PASSWORD)),
      environment: {
        FIREBREAK_CONFIG: "other.yaml",
        FIREBREAK_INCLUDE: "a.* b.*",
        FIREBREAK_ARCHIVE: "shop",
      },
    });
    expect(ended).toMatchObject({ exitCode: 0 });
    expect((await readdir(place.path)).toSorted()).toEqual(["other.mysql-url", "other.yaml"]);
    expect(parse(await readFile(join(place.path, "other.yaml"), "utf8"))).toMatchObject({
      "mysql-url-file": join(place.path, "other.mysql-url"),
      include: ["a.*", "b.*"],
      archive: join(place.path, "shop"),
    });
  });
});
