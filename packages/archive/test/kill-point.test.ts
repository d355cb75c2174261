import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ARCHIVE = join(import.meta.dirname, "..", "dist", "index.js");

/** Passes a kill point three times in a process of its own, and says after each that it is alive. */
async function passes(variable: string | undefined): Promise<string> {
  const script = `const { killPoint } = await import(${JSON.stringify(ARCHIVE)});
    for (const pass of [1, 2, 3]) { killPoint("part-sealed"); process.stdout.write(String(pass)); }`;
  const env = { ...process.env, ...(variable === undefined ? {} : { FIREBREAK_TEST_KILL: variable }) };
  const ended = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
  return ended.then(
    ({ stdout }) => stdout,
    ({ stdout, signal }: { stdout: string; signal: string }) => `${stdout} ${signal}`,
  );
}

test("a process is killed at the pass of the point that its parent names", async () => {
  expect(await passes(`part-sealed:2:${process.pid}`)).toBe("1 SIGKILL");
});

test("a variable that another process set, or that names another point, kills nothing", async () => {
  const others = [
    `part-sealed:2:${process.ppid}`,
    "part-sealed:2:",
    "part-sealed:2",
    `file-in-place:2:${process.pid}`,
  ];
  for (const variable of others) expect(await passes(variable)).toBe("123");
});
