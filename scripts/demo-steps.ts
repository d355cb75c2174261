import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { join } from "node:path";

export const projectFolder: string = join(import.meta.dirname, "..");
const commandLine = join(projectFolder, "packages", "cli", "dist", "main.js");

/** One step of the demo: a process of the real command line, with no more settings than it needs. */
export interface DemoStep {
  readonly verb: "export" | "inspect" | "transform" | "load" | "checksum";
  readonly says: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface DemoPlace {
  readonly database: string;
  /** Relative to the project's folder, where a person would type the commands. */
  readonly archive: string;
  readonly mongodbUrl: string;
  readonly mysqlUrl: string;
}

/** The four steps. Each gets the URL of its own database only, and transform none: it needs none. */
export function demoSteps({ database, archive, mongodbUrl, mysqlUrl }: DemoPlace): readonly DemoStep[] {
  const args = ["--archive", archive];
  return [
    {
      verb: "export",
      says: "reads MongoDB and writes every document, exactly, into the archive",
      args: [...args, "--include", `${database}.*`],
      env: { FIREBREAK_MONGODB_URL: mongodbUrl },
    },
    {
      verb: "transform",
      says: "makes tables of the archive's documents, with no database in reach",
      args,
      env: {},
    },
    {
      verb: "load",
      says: "loads the tables into MySQL, each part exactly once",
      args: [...args, "--yes"],
      env: { FIREBREAK_MYSQL_URL: mysqlUrl },
    },
    {
      verb: "checksum",
      says: "has MySQL compute the digests of its rows and compares them with the archive's",
      args,
      env: { FIREBREAK_MYSQL_URL: mysqlUrl },
    },
  ];
}

/** What a person would type for the step, from the project's folder. */
export function typedCommand({ verb, args }: DemoStep): string {
  return ["pnpm", verb, ...args.map((arg) => (arg.includes("*") ? `'${arg}'` : arg))].join(" ");
}

/** Starts the step; what it prints goes where the demo's own output goes, or with "capture" to its stdout pipe. */
export function startStep({ verb, args, env }: DemoStep, output: "show" | "capture"): ChildProcess {
  // A person's own FIREBREAK_ settings may name their real databases.
  const ownEnv = Object.entries(process.env).filter(([name]) => !name.startsWith("FIREBREAK_"));
  return spawn(process.execPath, [commandLine, verb, ...args], {
    cwd: projectFolder,
    env: { ...Object.fromEntries(ownEnv), ...env, INIT_CWD: projectFolder },
    stdio: output === "show" ? "inherit" : ["ignore", "pipe", "inherit"],
  });
}

/** The code the step ends with, as a shell gives it: 128 and the signal's number for one that was killed. */
export async function stepExit(step: ChildProcess): Promise<number> {
  const [code, signal] = (await once(step, "close")) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
