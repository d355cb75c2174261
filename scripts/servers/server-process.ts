import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

export interface ServerProcess {
  readonly pid: number;
  readonly hasEnded: boolean;
  /** SIGTERM, and SIGKILL for one that has not ended `patienceMs` later. */
  stop(patienceMs: number): Promise<void>;
  kill(): Promise<void>;
}

export interface ServerCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  /** Takes what the server prints, after what is there already. */
  readonly logFile: string;
}

/**
 * The server is a child of this shell, which waits for it and, beside that,
 * for the end of a pipe only our process holds open. When our process ends in
 * any way at all the pipe closes and the server is killed. The process id stays
 * the server's until `wait` returns, so nobody else's process can be meant.
 */
const watcherScript = `
log=$1; shift
exec 3<&0
"$@" </dev/null 3<&- >>"$log" 2>&1 &
server=$!
echo "$server"
exec >/dev/null 2>>"$log"
( read -r _ <&3; kill -KILL "$server" ) &
watcher=$!
exec 3<&-
wait "$server"
kill "$watcher" 2>/dev/null
`;

/** Starts a server that lives no longer than this process. */
export async function startServerProcess({ command, cwd, logFile }: ServerCommand): Promise<ServerProcess> {
  const shell = spawn("sh", ["-c", watcherScript, "sh", logFile, ...command], {
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
    // Out of reach of the terminal's Ctrl-C: this process decides in which order things end.
    detached: true,
  });
  let hasEnded = false;
  const ended = once(shell, "exit").then(() => {
    hasEnded = true;
    process.off("exit", killNow);
    shell.stdin.destroy();
  });
  const lines = createInterface({ input: shell.stdout });
  const [line] = (await Promise.race([once(lines, "line"), ended.then(() => ["0"])])) as [string];
  const pid = Number(line);

  function signal(name: "SIGTERM" | "SIGKILL"): void {
    if (!hasEnded && pid > 0) {
      try {
        process.kill(pid, name);
      } catch {
        // It ended by itself a moment ago.
      }
    }
  }
  function killNow(): void {
    signal("SIGKILL");
  }
  // Before the run's folder is removed, which waits for the same event.
  process.prependOnceListener("exit", killNow);

  return {
    pid,
    get hasEnded() {
      return hasEnded;
    },
    async stop(patienceMs) {
      signal("SIGTERM");
      const patience = new AbortController();
      const tooLate = wait(patienceMs, undefined, { signal: patience.signal }).then(killNow, () => undefined);
      await Promise.race([ended, tooLate]);
      await ended;
      patience.abort();
    },
    async kill() {
      killNow();
      await ended;
    },
  };
}
