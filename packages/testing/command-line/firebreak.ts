import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { vi } from "vitest";
import type * as CommandLine from "../../cli/src/command-line.ts";
import type { Terminal } from "../../cli/src/screen/reporter.ts";

export const MAIN = join(import.meta.dirname, "..", "..", "cli", "dist", "main.js");

/** Settings of one run; `FIREBREAK_` variables of the person who runs the tests never reach it. */
export interface RunSettings {
  readonly mongodbUrl?: string;
  readonly mysqlUrl?: string;
  /** Further variables. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** It runs in a process of its own: what the test does meanwhile would wait for it. */
  readonly isApart?: boolean;
  /** A kill point and which pass of it, `POINT:PASS`: the process is killed there. */
  readonly killAt?: string;
  /** Put before the command: `["unshare", "-n"]`. */
  readonly within?: readonly string[];
}

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, for looking whether something was said at all. */
  readonly output: string;
}

/** The environment of a run in a process of its own. */
export function environmentOf({
  mongodbUrl,
  mysqlUrl,
  killAt,
  environment = {},
}: RunSettings): Record<string, string | undefined> {
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith("FIREBREAK_") && name !== "INIT_CWD"),
    ),
    ...(mongodbUrl === undefined ? {} : { FIREBREAK_MONGODB_URL: mongodbUrl }),
    ...(mysqlUrl === undefined ? {} : { FIREBREAK_MYSQL_URL: mysqlUrl }),
    ...(killAt === undefined ? {} : { FIREBREAK_TEST_KILL: `${killAt}:${process.pid}` }),
    ...environment,
  };
}

/** Starts the real command line in a process of its own. */
export function start(args: readonly string[], settings: RunSettings = {}) {
  const { cwd, within = [] } = settings;
  const [program = "", ...rest] = [...within, process.execPath, MAIN, ...args];
  return execa(program, rest, {
    reject: false,
    extendEnv: false,
    env: environmentOf(settings),
    ...(cwd === undefined ? {} : { cwd }),
  });
}

let isRunningHere = false;

/**
 * Runs the command line in this process: starting one takes a third of a second, which is most of what a refusal
 * takes. Whatever is about the process itself needs `start`, and so does a second run at the same time.
 */
async function runHere(
  args: readonly string[],
  { mongodbUrl, mysqlUrl, cwd, environment = {} }: RunSettings,
): Promise<Pick<Ended, "exitCode" | "stdout" | "stderr">> {
  isRunningHere = true;
  const { runCommandLine } = (await import("../../cli/dist/command-line.js")) as typeof CommandLine;
  const [stdin, stdout, stderr] = [Readable.from([]), new PassThrough(), new PassThrough()];
  for (const name of Object.keys(process.env))
    if (/^FIREBREAK_(?!TEST_)/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv("FIREBREAK_MONGODB_URL", mongodbUrl);
  vi.stubEnv("FIREBREAK_MYSQL_URL", mysqlUrl);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.stubEnv("INIT_CWD", cwd);
  // Help and the version come from yargs.
  const log = vi.spyOn(console, "log").mockImplementation((line) => stdout.write(`${line}\n`));
  const both = Promise.all([text(stdout), text(stderr)]);
  try {
    const exitCode = await runCommandLine(args, { stdin, stdout, stderr } as unknown as Terminal);
    stdout.end();
    stderr.end();
    const [out, err] = await both;
    return { exitCode, stdout: out.replace(/\n$/, ""), stderr: err.replace(/\n$/, "") };
  } finally {
    log.mockRestore();
    vi.unstubAllEnvs();
    isRunningHere = false;
  }
}

/**
 * Runs it to its end. Whatever the outcome, a stack trace or a password in what
 * it printed is an error: no person should ever see either.
 */
export async function firebreak(args: readonly string[], settings: RunSettings = {}): Promise<Ended> {
  const { isApart = false, killAt, within } = settings;
  const isStarted = isApart || isRunningHere || killAt !== undefined || within !== undefined;
  const { exitCode, stdout, stderr } = await (isStarted ? start : runHere)(args, settings);
  const output = `${stdout}\n${stderr}`;
  if (/^\s+at .*:\d+:\d+/m.test(output)) throw new Error(`a stack trace was printed:\n${output}`);
  for (const url of [settings.mongodbUrl, settings.mysqlUrl]) {
    const password = url === undefined ? "" : decodeURIComponent(new URL(url).password);
    if (password !== "" && output.includes(password)) throw new Error(`a password was printed:\n${output}`);
  }
  return { exitCode, stdout, stderr, output };
}

/** For steps that only prepare a test. */
export async function mustEndWell(args: readonly string[], settings: RunSettings = {}): Promise<Ended> {
  const ended = await firebreak(args, settings);
  if (ended.exitCode !== 0)
    throw new Error(`${args.join(" ")} ended with ${ended.exitCode}:\n${ended.output}`);
  return ended;
}

/** Runs it to a kill point, `POINT:PASS`, where it is killed. */
export async function killedAt(
  killAt: string,
  args: readonly string[],
  settings: RunSettings = {},
): Promise<void> {
  const { signal, stdout, stderr } = await start(args, { ...settings, killAt });
  if (signal !== "SIGKILL")
    throw new Error(`${args.join(" ")} did not come to ${killAt}:\n${stdout}\n${stderr}`);
}

/** The events on stdout of a run with `--json`: each line must be one. */
export function eventsOf({ stdout }: Ended): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
