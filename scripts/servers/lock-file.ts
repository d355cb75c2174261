import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { say } from "./say.ts";
import { SetUpError } from "./set-up-error.ts";

/**
 * Takes a lock among processes, waiting for it; `waitingFor` is said when there is somebody to wait for.
 *
 * The lock is the kernel's, held by a child that reads our pipe: however this
 * process ends, the pipe closes, the child ends and the lock is free. A file
 * that merely exists would outlive a killed owner.
 */
export async function lockFile(path: string, waitingFor: string): Promise<AsyncDisposable> {
  const script = "flock -n 9 || { echo waiting; flock 9; }; echo locked; read -r _";
  const holder = spawn(
    "sh",
    ["-c", `command -v flock >/dev/null || exit 127; exec 9>"$1" || exit 1; ${script}`, "sh", path],
    {
      stdio: ["pipe", "pipe", "inherit"],
      // A Ctrl-C on the terminal must not free the lock before this process has cleaned up.
      detached: true,
    },
  );
  const ended = once(holder, "exit");
  for await (const line of createInterface({ input: holder.stdout })) {
    if (line === "waiting") say(`waiting for ${waitingFor}`);
    if (line === "locked") {
      return {
        async [Symbol.asyncDispose]() {
          holder.stdin.end();
          await ended;
        },
      };
    }
  }
  const [exitCode] = await ended;
  throw exitCode === 127
    ? new SetUpError("The command flock is missing.", "Install the package util-linux and try again.")
    : new SetUpError(
        `The lock file ${path} cannot be written.`,
        "Make the cache folder writable, or set XDG_CACHE_HOME to another one.",
      );
}
