import { mkdir, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";
import type { Server } from "./server.ts";
import { SetUpError } from "./set-up-error.ts";

export interface ServerRecipe {
  readonly title: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** Undefined: any free one. */
  readonly port: number | undefined;
  readonly socketPath?: string;
  readonly clientFolder?: string | undefined;
  readonly command: (port: number) => readonly string[];
  readonly url: (port: number) => string;
  /** Throws as long as the server does not answer. */
  readonly connect: (url: string) => Promise<void>;
}

const startTimeoutMs = 90_000;
const stopTimeoutMs = 60_000;

/**
 * Starts the server and waits until it answers.
 * @throws SetUpError with the end of its log if it ends or does not answer in time; nothing is left running.
 */
export async function runServer(recipe: ServerRecipe): Promise<Server> {
  await mkdir(recipe.dataDir, { recursive: true });
  let port = recipe.port ?? (await freePort());
  let running: ServerProcess;
  for (let attempt = 1; ; attempt++) {
    try {
      running = await startAndWait(recipe, port);
      break;
    } catch (error) {
      // Somebody may take the port between our look and the server's.
      const isPortTaken = /address already in use/i.test(String(error));
      if (!isPortTaken || recipe.port !== undefined || attempt === 3) throw error;
      port = await freePort();
    }
  }
  return {
    title: recipe.title,
    url: recipe.url(port),
    port,
    ...(recipe.socketPath !== undefined && { socketPath: recipe.socketPath }),
    ...(recipe.clientFolder !== undefined && { clientFolder: recipe.clientFolder }),
    dataDir: recipe.dataDir,
    logFile: recipe.logFile,
    get pid() {
      return running.pid;
    },
    stop: () => running.stop(stopTimeoutMs),
    kill: () => running.kill(),
    async restart() {
      await running.stop(stopTimeoutMs);
      running = await startAndWait(recipe, port);
    },
  };
}

async function startAndWait(recipe: ServerRecipe, port: number): Promise<ServerProcess> {
  const command = recipe.command(port);
  const running = await startServerProcess({
    command,
    cwd: recipe.dataDir,
    logFile: recipe.logFile,
  });
  const deadline = Date.now() + startTimeoutMs;
  let lastAnswer: unknown;
  while (!running.hasEnded && Date.now() < deadline) {
    try {
      await recipe.connect(recipe.url(port));
      return running;
    } catch (error) {
      lastAnswer = error;
      await wait(100);
    }
  }
  const silence = `does not let us in after ${startTimeoutMs / 1000} s (${String(lastAnswer)})`;
  const what = running.hasEnded ? "ended right after its start" : silence;
  await running.kill();
  throw new SetUpError(
    `${recipe.title} ${what}. Its log ends with:\n${await endOfLog(recipe.logFile)}`,
    `Read ${recipe.logFile} if it is still there, or start it by hand: ${command.join(" ")}`,
    { cause: lastAnswer },
  );
}

/** The last lines that speak of an error, else the last lines. */
async function endOfLog(file: string): Promise<string> {
  const lines = (await readFile(file, "utf8").catch(() => "")).trimEnd().split("\n");
  const errors = lines.filter((line) => /\[ERROR\]|"s":"[EF]"/.test(line));
  const shown = (errors.length > 0 ? errors : lines).slice(-3);
  return shown.map((line) => `    ${line.slice(0, 400)}`).join("\n");
}
