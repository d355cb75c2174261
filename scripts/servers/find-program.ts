import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { runQuietly } from "./run-quietly.ts";
import { say } from "./say.ts";
import { SetUpError } from "./set-up-error.ts";

export interface WantedProgram {
  /** Environment variable with a path; what it names must do, nothing else is tried then. */
  readonly variable: string;
  readonly names: readonly string[];
  /** What is asked for, for a person: "MySQL 8.0.17 or later". */
  readonly needs: string;
  /** The version in the output of `--version`, undefined if it is not what is asked for. */
  readonly accepts: (output: string) => string | undefined;
}

export interface FoundProgram {
  readonly path: string;
  readonly version: string;
}

/** Looks on PATH and in the folders where servers live outside an ordinary user's PATH. */
export async function findProgram({
  variable,
  names,
  needs,
  accepts,
}: WantedProgram): Promise<FoundProgram | undefined> {
  const chosen = process.env[variable];
  if (chosen) {
    const output = await runQuietly([chosen, "--version"]).catch(() => undefined);
    const version = output === undefined ? undefined : accepts(output);
    if (version !== undefined) return { path: chosen, version };
    const reason = output === undefined ? "cannot be run" : `is not ${needs}`;
    throw new SetUpError(
      `${chosen} (from ${variable}) ${reason}.`,
      `Set ${variable} to ${needs}, or unset it.`,
    );
  }
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    "/usr/local/sbin",
    "/usr/sbin",
    "/usr/libexec",
  ];
  for (const folder of new Set(folders.filter((entry) => entry.startsWith("/")))) {
    for (const name of names) {
      const path = join(folder, name);
      const isProgram = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (!isProgram) continue;
      const output = await runQuietly([path, "--version"]).catch(() => "");
      const version = accepts(output);
      if (version !== undefined) return { path, version };
      say(`${path} is not ${needs}, so it is left alone`);
    }
  }
  return undefined;
}
