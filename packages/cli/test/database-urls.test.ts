import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { asksPassword, hasSecret, withoutSecret, withPassword } from "../src/database-urls.ts";

const SAMPLE = join(import.meta.dirname, "..", "..", "..", "fixtures", "archive-v1");

describe("hasSecret", () => {
  test.each([
    "mysql://me:geheim@h/db",
    "mysql://me:ge/he@im@h/db",
    "mysql:/me:geheim@h/db",
    "mysql:me:geheim@h",
    "mysql://:geheim@h",
    "mongodb+srv://me:geheim@h/",
    "mongodb://h/?tlsCertificateKeyFilePassword=geheim",
    "mongodb://h/?a=b&proxyPassword=geheim",
    "mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:geheim",
    "mongodb://me:?@h/?proxyPassword=geheim",
  ])("finds one in %s", (url) => {
    expect(hasSecret(url)).toBe(true);
  });

  test.each([
    "mysql://me@h:3306/db",
    "mysql://h:3306/db",
    "mysql://me:?@h/db",
    "mongodb://u@h1:27017,h2:27017/db?replicaSet=a@b",
    "mongodb://h:27017",
    "nonsense",
  ])("finds none in %s", (url) => {
    expect(hasSecret(url)).toBe(false);
  });
});

test("a password goes into the URL escaped, and an empty one leaves the user alone", () => {
  expect(withPassword("mysql://me:?@h/db", "p@ss/w:?")).toBe("mysql://me:p%40ss%2Fw%3A%3F@h/db");
  expect(withPassword("mysql://me@h/db", "$&")).toBe("mysql://me:%24%26@h/db");
  expect(withPassword("mysql://me:?@h/db", "")).toBe("mysql://me@h/db");
});

test("only a password of `?` alone is asked for; an escaped one is a password", () => {
  expect(asksPassword("mongodb+srv://me:?@h/db?x=y")).toBe(true);
  expect(asksPassword("mysql://me:%3F@h/db")).toBe(false);
  expect(asksPassword("mysql://me@h/db?a=:?@")).toBe(false);
});

describe("a URL in a file", () => {
  const url = "mysql://me:geheim@127.0.0.1:1/x";

  test("is the file's first line; a flag, a variable and a setting may name the file", async () => {
    await using place = await folder();
    const [file, config] = [join(place.path, "url"), join(place.path, "firebreak.yaml")];
    await writeFile(file, `${url}\r\nsomething else\n`);
    await writeFile(config, `mysql-url-file: ${file}\n`);
    for (const [args, environment] of [
      [["--mysql-url-file", "url"], {}],
      [[], { FIREBREAK_MYSQL_URL_FILE: "url" }],
      [["--config", config], {}],
      [[], { FIREBREAK_CONFIG: config }],
    ] as const) {
      const ended = await firebreak(["load", "--archive", SAMPLE, "--work", place.path, ...args], {
        cwd: place.path,
        environment,
      });
      expect(ended).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining("127.0.0.1:1 does not answer"),
      });
    }
  });

  test("is refused beside the URL itself, but wins over one of the file where the environment names it", async () => {
    await using place = await folder();
    const [file, config] = [join(place.path, "url"), join(place.path, "firebreak.yaml")];
    await writeFile(file, url);
    await writeFile(config, "mysql-url: mysql://me@127.0.0.1:2/x\n");
    const args = ["load", "--archive", SAMPLE, "--work", place.path];
    const twice = await firebreak(args, { mysqlUrl: url, environment: { FIREBREAK_MYSQL_URL_FILE: file } });
    expect(twice.exitCode).toBe(2);
    expect(twice.stderr).toContain("FIREBREAK_MYSQL_URL and FIREBREAK_MYSQL_URL_FILE exclude each other");
    const environment = { FIREBREAK_CONFIG: config, FIREBREAK_MYSQL_URL_FILE: file };
    expect((await firebreak(args, { environment })).stderr).toContain("127.0.0.1:1 does not answer");
    await writeFile(config, `jobs: 1\nmysql-url: ${url}\nmysql-url-file: ${file}\n`);
    const inFile = await firebreak([...args, "--config", config]);
    expect(inFile.exitCode).toBe(2);
    expect(inFile.stderr).toMatch(/`mysql-url` \(.*, line 2\) and `mysql-url-file` \(.*, line 3\) exclude/);
  });

  test("is missed by name where the file is not there, empty, or its first line is", async () => {
    await using place = await folder();
    const file = join(place.path, "url");
    const run = () =>
      firebreak(["export", "--archive", join(place.path, "a")], {
        environment: { FIREBREAK_MONGODB_URL_FILE: file },
      });
    expect(await run()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${file} cannot be read`),
    });
    for (const content of ["", "\nmongodb://h\n"]) {
      await writeFile(file, content);
      const says = expect.stringContaining(`${file} has no URL in its first line`);
      expect(await run()).toMatchObject({ exitCode: 2, stderr: says });
    }
  });
});

test("a URL that asks for its password is refused without a terminal, as a flag too", async () => {
  const args = ["load", "--archive", SAMPLE, "--mysql-url", "mysql://me:?@h.example:3306/db"];
  const { exitCode, stderr } = await firebreak(args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("The password in the URL of h.example:3306 is ?");
  expect(stderr).toContain("FIREBREAK_MYSQL_URL_FILE");
});

describe("withoutSecret", () => {
  test.each([
    ["mysql://me:geheim@h:3306/db", "mysql://me:?@h:3306/db"],
    ["mysql://me:ge?heim@h/db?socketPath=/a@b", "mysql://me:?@h/db?socketPath=/a@b"],
    ["mysql://me:?@h/db", "mysql://me:?@h/db"],
    ["mysql://me@h/db", "mysql://me@h/db"],
    [
      "mongodb://u:p@h1:1,h2:2/db?replicaSet=r&proxyPassword=geheim",
      "mongodb://u:?@h1:1,h2:2/db?replicaSet=r",
    ],
    ["mongodb://h/?tlsCertificateKeyFilePassword=a@b", "mongodb://h/"],
    ["mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:geheim", "mongodb://h/"],
    ["mysql:me:geheim@h", ""],
  ])("makes of %s %s", (url, safe) => {
    expect(withoutSecret(url)).toBe(safe);
    expect(hasSecret(withoutSecret(url))).toBe(false);
  });
});
