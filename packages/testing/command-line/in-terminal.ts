import { execa } from "execa";
import { environmentOf, MAIN, type RunSettings } from "./firebreak.ts";

/** Typed at a question to interrupt the command. */
export const CTRL_C = "\u0003";

/** A part of a question, and the answer to it. */
type Answer = readonly [question: string, answer: string];

/**
 * Runs the command line on a terminal of its own, and answers its questions as they come. `script` of util-linux
 * makes the terminal.
 *
 * @returns the exit code, and all that was on the screen, with the answers that the terminal showed.
 */
export async function inTerminal(
  args: readonly string[],
  answers: readonly Answer[],
  settings: RunSettings = {},
): Promise<{ readonly exitCode: number | undefined; readonly screen: string }> {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(" ");
  const { cwd } = settings;
  const run = execa("script", ["-qefc", command, "/dev/null"], {
    reject: false,
    extendEnv: false,
    env: environmentOf(settings),
    stdin: "pipe",
    all: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const left = [...answers];
  let unread = "";
  run.all.on("data", (bytes: Buffer) => {
    unread += bytes.toString("utf8");
    for (let next = left[0]; next !== undefined && unread.includes(next[0]); next = left[0]) {
      const [question, answer] = next;
      left.shift();
      unread = unread.slice(unread.indexOf(question) + question.length);
      run.stdin.write(answer === CTRL_C ? answer : `${answer}\r`);
    }
  });
  const { exitCode, all } = await run;
  if (left.length > 0) throw new Error(`${left[0]![0]} was not asked:\n${all}`);
  return { exitCode, screen: all };
}
