import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { isProcessAlive } from "../../src/files/folder-lock.ts";

test("this process is alive, and one that has ended is not", () => {
  expect(isProcessAlive(process.pid)).toBe(true);
  expect(isProcessAlive(spawnSync(process.execPath, ["-e", ""]).pid)).toBe(false);
});

const hasProc = existsSync("/proc/self/stat");
test.skipIf(!hasProc)(
  `one that was killed and is not reaped is dead${hasProc ? "" : " (skipped: there is no /proc)"}`,
  async () => {
    // A shell prints its child's number and becomes a program that never waits for it.
    const shell = spawn("sh", ["-c", "sleep 100 & echo $!; exec sleep 100"]);
    onTestFinished(() => void shell.kill("SIGKILL"));
    const pid = await new Promise<number>((resolve) =>
      shell.stdout.once("data", (text: Buffer) => resolve(Number(text))),
    );
    await expect.poll(() => readFileSync(`/proc/${shell.pid!}/comm`, "utf8")).toBe("sleep\n");
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isProcessAlive(pid)).toBe(false);
    expect(() => process.kill(pid, 0)).not.toThrow();
  },
);
