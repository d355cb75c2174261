import yargs, { type Argv, type Options } from "yargs";
import { cliFault } from "./cli-faults.ts";
import type { Command } from "./command.ts";
import { LANGUAGE_CODES } from "./messages/languages.ts";
import type { Flags } from "./settings.ts";
import { VERSION } from "./version.ts";

/** A command and the flags that the person gave. */
export interface Request {
  readonly command: Command;
  readonly flags: Flags;
}

/**
 * Parses the arguments. Help and the version are printed at once, and the result is then undefined.
 *
 * @throws {FirebreakError} `usage` for an unknown command or flag, or a value that a flag does not take.
 */
export async function parseArguments(
  args: readonly string[],
  commands: readonly Command[],
): Promise<Request | undefined> {
  let request: Request | undefined;
  let parser: Argv = yargs()
    .scriptName("pnpm")
    .usage(
      "$0 COMMAND [options]\n\nMoves documents between databases over files, and proves that nothing was lost.",
    )
    .version(VERSION)
    .help()
    .strict()
    .demandCommand(1, "Name a command")
    .recommendCommands()
    .parserConfiguration({
      "camel-case-expansion": false,
      "duplicate-arguments-array": true,
      "greedy-arrays": false,
    })
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .epilogue(
      "Exit codes: 0 done, 2 usage, 3 done with quarantine, 4 differences, 5 archive damaged, 6 refused, 7 a server or disk gave out or too many rows were refused, 130 interrupted.",
    )
    .fail((message, error) => {
      // yargs throws an error of its own (YError) for some usage mistakes.
      if (error !== undefined && error.name !== "YError") throw error;
      throw cliFault("usage", {
        reason: withoutDot(message ?? error?.message ?? ""),
        command: commands.find((c) => c.name === args[0])?.name,
        commands: commands.map((c) => c.name),
      });
    });
  for (const command of commands)
    parser = parser.command(
      command.name,
      command.summary,
      (y) => {
        const withFlags = y.options({ ...SHARED_FLAGS, ...hidden(command.withoutEffect), ...command.flags });
        return command.examples.reduce((z, [line, what]) => z.example(line, what), withFlags);
      },
      (flags) => {
        request = { command, flags: onlyOnce(flags, command) };
      },
    );
  await parser.parseAsync(args.map((arg) => (isNegative(arg, commands) ? `${arg}=true` : arg)));
  return request;
}

/**
 * Returns true if an argument is a flag without a value whose own name begins with `no-`. yargs would read
 * `--no-x` as `--x=false`, unless it has a value.
 */
function isNegative(arg: string, commands: readonly Command[]): boolean {
  return arg.startsWith("--no-") && commands.some(({ flags }) => Object.hasOwn(flags, arg.slice(2)));
}

/** Returns the flags that a settings file may have: those of all commands, except --config. */
export function knownFlags(commands: readonly Command[]): Record<string, Options> {
  const { config: _, ...shared } = SHARED_FLAGS;
  return Object.assign({}, shared, ...commands.map((c) => c.flags)) as Record<string, Options>;
}

function hidden(names: readonly (keyof typeof SHARED_FLAGS)[]): Record<string, Options> {
  return Object.fromEntries(names.map((name) => [name, { ...SHARED_FLAGS[name], hidden: true }]));
}

const SHARED_FLAGS = {
  archive: { type: "string", describe: "the archive's folder (default: ./archive, or FIREBREAK_ARCHIVE)" },
  jobs: { type: "number", describe: "parts worked on at once (default: the cores)" },
  config: { type: "string", describe: "a YAML file with long flags as keys" },
  json: { type: "boolean", describe: "one JSON event a line on stdout, a summary last" },
  quiet: { type: "boolean", describe: "say nothing but errors" },
  yes: { type: "boolean", describe: "ask nothing" },
  // English is the only language so far.
  lang: { choices: LANGUAGE_CODES, hidden: true },
} as const;

/** Keeps the last value of a flag that takes one value and is given twice, as Unix tools do. */
function onlyOnce(flags: Flags, command: Command): Flags {
  return Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [
      name,
      Array.isArray(value) && command.flags[name]?.array !== true && name !== "_"
        ? (value as unknown[]).at(-1)
        : value,
    ]),
  );
}

function withoutDot(message: string): string {
  return message.replace(/\.$/, "");
}
