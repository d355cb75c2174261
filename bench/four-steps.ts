import { join } from "node:path";
import { measureProcess, type ProcessFigures } from "./measure-process.ts";

const commandLine = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");

export const STEPS = ["export", "transform", "load", "checksum"] as const;
export type Step = (typeof STEPS)[number];

/** Where the steps read and write. */
export interface BenchPlace {
  readonly archive: string;
  readonly mongodbUrl: string;
  readonly mysqlUrl: string;
}

/** Runs one step as a process of its own, as a person would; quarantine (3) is no failure of a bench. */
export async function measureStep(
  step: Step,
  place: BenchPlace,
  args: readonly string[] = [],
): Promise<ProcessFigures> {
  process.stderr.write(`bench: ${step}\n`);
  return await measureProcess({
    title: step,
    command: [process.execPath, commandLine, step, "--archive", place.archive, "--quiet", ...args],
    env: { FIREBREAK_MONGODB_URL: place.mongodbUrl, FIREBREAK_MYSQL_URL: place.mysqlUrl },
    goodCodes: [0, 3],
  });
}
