import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { say, sayError } from "./servers/say.ts";
import { startEach, type ServerName } from "./servers/servers.ts";
import type { Server } from "./servers/server.ts";
import { testArguments } from "./test-arguments.ts";
import { reportLines, type TestReport } from "./test-report.ts";

const project = join(import.meta.dirname, "..");

/** The environment in which tests find each server. A test whose variable is not set skips itself. */
const variables = {
  "mongodb-rs": (server) => ({ FIREBREAK_TEST_MONGODB_RS: server.url }),
  "mongodb-standalone": (server) => ({ FIREBREAK_TEST_MONGODB_STANDALONE: server.url }),
  mysql: (server) => ({
    FIREBREAK_TEST_MYSQL: server.url,
    FIREBREAK_TEST_MYSQL_BIN: server.clientFolder,
  }),
  mariadb: (server) => ({
    FIREBREAK_TEST_MARIADB: server.url,
    FIREBREAK_TEST_MARIADB_BIN: server.clientFolder,
  }),
} as const satisfies Record<ServerName, (server: Server) => Record<string, string | undefined>>;

async function main(args: readonly string[]): Promise<number> {
  const { isQuick, vitestArgs } = testArguments(args);
  return isQuick ? await runQuickTests(vitestArgs) : await runAllTests(vitestArgs);
}

/** Runs the tests that need no server, even where the caller's environment names one. */
async function runQuickTests(vitestArgs: readonly string[]): Promise<number> {
  const env = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith("FIREBREAK_TEST_"))
      .map((name) => [name, undefined]),
  );
  const folder = await mkdtemp(join(tmpdir(), "firebreak-tests-"));
  try {
    return await runVitest(vitestArgs, { env, folder, isQuick: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runAllTests(vitestArgs: readonly string[]): Promise<number> {
  const names = Object.keys(variables) as ServerName[];
  say("starting MongoDB (replica set and standalone), MySQL and MariaDB");
  const { outcomes, folder, stopAll } = await startEach(names);
  try {
    const env: Record<string, string | undefined> = {};
    const errors = new Set<Error>();
    for (const name of names) {
      const outcome = outcomes[name];
      if (outcome instanceof Error) errors.add(outcome);
      else Object.assign(env, variables[name](outcome));
    }
    for (const error of errors) sayError(error);
    const missing = names.filter((name) => outcomes[name] instanceof Error);
    if (missing.length > 0) {
      if (process.env["CI"]) {
        say(`no tests were run, because CI is set and these servers are missing: ${missing.join(", ")}`);
        return 1;
      }
      say(`the tests that need ${missing.join(", ")} will be skipped`);
    }
    return await runVitest(vitestArgs, { env, folder, isQuick: false });
  } finally {
    await stopAll();
  }
}

interface Run {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder for the report and the compiled code. */
  readonly folder: string;
  readonly isQuick: boolean;
}

async function runVitest(args: readonly string[], { env, folder, isQuick }: Run): Promise<number> {
  const vitest = join(project, "node_modules", "vitest", "vitest.mjs");
  const reportFile = join(folder, "report.json");
  const options = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  if (!process.stdout.isTTY) options.push("--no-color");
  const { exitCode } = await execa(process.execPath, [vitest, "run", ...options, ...args], {
    cwd: project,
    // Vitest keeps a token among the user's data, for pages we do not open.
    // The command line is started thousands of times, and compiling it is a third of each start.
    env: { ...env, XDG_DATA_HOME: folder, NODE_COMPILE_CACHE: join(folder, "compiled") },
    stdio: "inherit",
    reject: false,
  });
  const text = await readFile(reportFile, "utf8").catch(() => undefined);
  if (text === undefined) {
    say("vitest ended without a report, so nothing is known about the tests");
    return exitCode || 1;
  }
  const lines = reportLines(JSON.parse(text) as TestReport, project, isQuick);
  process.stdout.write(`${lines.join("\n")}\n`);
  return exitCode ?? 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}
