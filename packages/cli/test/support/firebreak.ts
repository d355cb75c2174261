import { join } from "node:path";
import { execa } from "execa";

const MAIN = join(import.meta.dirname, "..", "..", "dist", "main.js");

/** Settings of one run; `FIREBREAK_` variables of the person who runs the tests never reach it. */
export interface RunSettings {
  readonly mongodbUrl?: string;
  readonly mysqlUrl?: string;
  readonly cwd?: string;
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

/** Starts the real command line in a process of its own. */
export function start(args: readonly string[], settings: RunSettings = {}) {
  const { mongodbUrl, mysqlUrl, cwd, killAt, within = [] } = settings;
  const [program = "", ...rest] = [...within, process.execPath, MAIN, ...args];
  return execa(program, rest, {
    reject: false,
    extendEnv: false,
    env: {
      ...Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !name.startsWith("FIREBREAK_") && name !== "INIT_CWD"),
      ),
      ...(mongodbUrl === undefined ? {} : { FIREBREAK_MONGODB_URL: mongodbUrl }),
      ...(mysqlUrl === undefined ? {} : { FIREBREAK_MYSQL_URL: mysqlUrl }),
      ...(killAt === undefined ? {} : { FIREBREAK_TEST_KILL: `${killAt}:${process.pid}` }),
    },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/**
 * Runs it to its end. Whatever the outcome, a stack trace or a password in what
 * it printed is an error: no person should ever see either.
 */
export async function firebreak(args: readonly string[], settings: RunSettings = {}): Promise<Ended> {
  const { exitCode, stdout, stderr } = await start(args, settings);
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
