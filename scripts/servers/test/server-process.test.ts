import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startServerProcess } from "../server-process.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "firebreak-process-"));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("an orderly stop lets the server finish, and a second one does nothing", async () => {
  const server = await startServerProcess({
    command: ["sleep", "600"],
    cwd,
    logFile: join(cwd, "log"),
  });
  expect(isAlive(server.pid)).toBe(true);
  await server.stop(10_000);
  expect(server.hasEnded).toBe(true);
  expect(isAlive(server.pid)).toBe(false);
  await server.stop(10_000);
});

test("a server that ignores SIGTERM is killed when patience ends", async () => {
  const command = ["sh", "-c", "trap '' TERM; touch ready; while :; do sleep 1; done"];
  const server = await startServerProcess({ command, cwd, logFile: join(cwd, "log") });
  await vi.waitFor(async () => expect(await rm(join(cwd, "ready")).then(() => true)).toBe(true), 10_000);
  await server.stop(200);
  expect(isAlive(server.pid)).toBe(false);
});

test("a program that is missing has ended", async () => {
  const server = await startServerProcess({
    command: ["./no-such-program"],
    cwd,
    logFile: join(cwd, "log"),
  });
  await vi.waitFor(() => expect(server.hasEnded).toBe(true), 10_000);
});

test("a server does not outlive a parent that is killed with -9", async () => {
  const module = pathToFileURL(join(import.meta.dirname, "..", "server-process.ts")).href;
  const options = JSON.stringify({ command: ["sleep", "600"], cwd, logFile: join(cwd, "log") });
  const script = `const { startServerProcess } = await import(${JSON.stringify(module)});
    const { pid } = await startServerProcess(${options});
    console.log(pid);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(printed.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
});
