import { execa, type ExecaError } from "execa";
import { SetUpError } from "./set-up-error.ts";

export interface QuietOptions {
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** File given to standard input, which is empty otherwise. */
  readonly inputFile?: string;
}

/** A program that failed or is missing. */
export class CommandError extends SetUpError {}

/**
 * Runs a program to its end and returns its standard output.
 * @throws CommandError with the last line it printed when it fails or is missing.
 */
export async function runQuietly(command: readonly string[], options: QuietOptions = {}): Promise<string> {
  const [file = "", ...args] = command;
  const { inputFile, ...rest } = options;
  const input = inputFile === undefined ? { stdin: "ignore" as const } : { inputFile };
  try {
    // English messages: some are searched for words.
    const { stdout } = await execa(file, args, {
      ...rest,
      ...input,
      env: { LC_ALL: "C", ...rest.env },
    });
    return stdout;
  } catch (error) {
    const { stderr, stdout, shortMessage } = error as ExecaError<{ encoding: "utf8" }>;
    const lastLine = (stderr || stdout || shortMessage).trimEnd().split("\n").at(-1)?.slice(0, 400);
    throw new CommandError(
      `${file} failed: ${lastLine}`,
      `See whether this works by hand: ${command.join(" ")}`,
      { cause: error },
    );
  }
}
