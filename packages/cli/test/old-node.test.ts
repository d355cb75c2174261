import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { isOldNode, NEEDED_NODE } from "../src/old-node.ts";

const CLI = join(import.meta.dirname, "..");
const ROOT = join(CLI, "..", "..");
const MAIN = join(CLI, "dist", "main.js");

const programs = (name: string): string[] =>
  (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));

/** A Node on PATH that is too old; the machine that runs the tests may have none. */
const oldNode = await firstOldNode();
const pnpm = programs("pnpm").find((program) => existsSync(program)) ?? "pnpm";

async function firstOldNode(): Promise<string | undefined> {
  for (const program of programs("node")) {
    const { stdout } = await execa(program, ["-p", "process.versions.node"], { reject: false });
    // A program that is not there prints nothing.
    if (stdout !== undefined && stdout !== "" && isOldNode(stdout)) return program;
  }
  return undefined;
}

test.each([
  ["12.22.12", true],
  ["20.20.2", true],
  ["23.11.1", true],
  ["24.0.0", false],
  ["25.1.0", false],
  ["100.0.0", false],
])("that Node %s is too old is %s", (version, isOld) => {
  expect(isOldNode(version)).toBe(isOld);
});

test("the version needed is the one that package.json says", () => {
  for (const folder of [ROOT, CLI]) {
    const { engines } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      engines: { node: string };
    };
    expect(engines.node).toBe(`>=${NEEDED_NODE}`);
  }
});

/** The compiled files that an old Node has to parse before the first line of main.js runs. */
function parsedFirst(file: string): string[] {
  const imported = [...readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;(]*?"([^"]+)";$/gm)];
  return [
    file,
    ...imported.flatMap(([, name = ""]) => {
      if (!name.startsWith(".")) throw new Error(`${file} imports ${name}, which an old Node may lack`);
      return parsedFirst(join(dirname(file), name));
    }),
  ];
}

test("what an old Node parses is three files, and imports nothing that it may lack", () => {
  expect(parsedFirst(MAIN)).toEqual([
    MAIN,
    join(CLI, "dist", "old-node.js"),
    join(CLI, "dist", "messages", "en", "node.js"),
  ]);
});

/** Each way of starting the command under an old Node. */
const ways: readonly (readonly [string, string | undefined, readonly string[]])[] = [
  [
    "that says it is Node 20",
    process.execPath,
    [
      "--import",
      'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.20.2" })',
      MAIN,
    ],
  ],
  ["on PATH", oldNode, [MAIN]],
];

describe.each(ways)("an old Node %s", (_, program = "", args) => {
  const run = (...more: string[]) => execa(program, [...args, ...more], { reject: false });

  test.skipIf(program === "")("is told which one is needed, with exit code 2 and no stack", async () => {
    for (const more of [[], ["verify"], ["--help"], ["--version"]]) {
      const { exitCode, stdout, stderr } = await run(...more);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr.split("\n")).toEqual([
        expect.stringMatching(
          /^firebreak: Firebreak needs Node 24 or later, and .+ is Node \d+\.\d+\.\d+\.$/,
        ),
        expect.stringMatching(/^Install Node 24/),
      ]);
    }
  });

  test.skipIf(program === "")("is told so by the summary, too", async () => {
    const { exitCode, stdout } = await run("--", "load", "--json");
    expect(exitCode).toBe(2);
    expect(stdout.split("\n").map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        event: "summary",
        command: "load",
        ok: false,
        exitCode: 2,
        error: expect.objectContaining({ code: "node-old" }) as unknown,
      }),
    ]);
  });
});

test.skipIf(oldNode === undefined)("pnpm's script says the same under the old Node on PATH", async () => {
  const PATH = [dirname(oldNode!), "/usr/bin", "/bin"].join(delimiter);
  const { exitCode, stderr } = await execa(pnpm, ["verify"], { cwd: ROOT, reject: false, env: { PATH } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Firebreak needs Node 24 or later");
});
