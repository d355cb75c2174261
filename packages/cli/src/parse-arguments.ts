import yargs, { type Argv, type Options } from "yargs";
import { cliFault } from "./cli-faults.ts";
import type { Command } from "./command.ts";
import { SHARED_FLAGS, type FlagKinds, type Flags } from "./flags.ts";
import type { AnyHelp, HelpTexts } from "./messages/help-texts.ts";
import { withoutPasswords } from "./messages/explain.ts";
import type { ProfileSections } from "./messages/language.ts";
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
  help: HelpTexts,
  profiles: ProfileSections = {},
): Promise<Request | undefined> {
  let request: Request | undefined;
  const name = commands.find((c) => c.name === args[0])?.name;
  let parser: Argv = yargs()
    .locale(help.locale)
    // In the list of all commands, their names stand alone: not each is a script of pnpm.
    .scriptName(name === undefined ? "" : programOf(name))
    .usage(help.usage.replace("$0", "pnpm"))
    .version(VERSION)
    .help()
    .strict()
    .demandCommand(1, help.nameCommand)
    .recommendCommands()
    .parserConfiguration({
      "camel-case-expansion": false,
      "duplicate-arguments-array": true,
      "greedy-arrays": false,
    })
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .epilogue(help.exitCodes)
    .fail((message, error) => {
      // yargs throws an error of its own (YError) for some usage mistakes.
      if (error !== undefined && error.name !== "YError") throw error;
      throw cliFault("usage", {
        // It quotes arguments, and one of them may be a URL.
        reason: withoutPasswords(withoutDot(message ?? error?.message ?? "")),
        command: name,
        commands: commands.map((c) => c.name),
      });
    });
  const texts: Readonly<Record<string, AnyHelp>> = help.commands;
  for (const command of commands) {
    const { summary, examples, flags: own } = texts[command.name]!;
    const further = Object.values(profiles).flatMap((section) => section.examples[command.name] ?? []);
    const kinds = { ...SHARED_FLAGS, ...hidden(command.withoutEffect), ...command.flags };
    parser = parser.command(
      command.name,
      summary,
      (y) =>
        [...examples, ...further].reduce(
          (z, [line, what]) => z.example(line, what),
          y.options(described(kinds, { ...help.flags, ...own })),
        ),
      (flags) => {
        request = { command, flags: onlyOnce(flags, command) };
      },
    );
  }
  await parser.parseAsync(args.map((arg) => (isNegative(arg, commands) ? `${arg}=true` : arg)));
  return request;
}

/** Returns the program that runs a command. pnpm has an `init` of its own, which makes a package. */
function programOf(command: string): string {
  return command === "init" ? "pnpm firebreak" : "pnpm";
}

/**
 * Returns true if an argument is a flag without a value whose own name begins with `no-`. yargs would read
 * `--no-x` as `--x=false`, unless it has a value.
 */
function isNegative(arg: string, commands: readonly Command[]): boolean {
  return arg.startsWith("--no-") && commands.some(({ flags }) => Object.hasOwn(flags, arg.slice(2)));
}

function described(
  kinds: FlagKinds,
  texts: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, Options>> {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, { ...kind, describe: texts[name] ?? "" }]),
  );
}

/** Returns the flags that a settings file may have: those of all commands, except --config. */
export function knownFlags(commands: readonly Command[]): FlagKinds {
  const kinds: readonly FlagKinds[] = [SHARED_FLAGS, ...commands.map((c) => c.flags)];
  const { config: _, ...known } = Object.fromEntries(kinds.flatMap((flags) => Object.entries(flags)));
  return known;
}

function hidden(names: readonly (keyof typeof SHARED_FLAGS)[]): FlagKinds {
  return Object.fromEntries(names.map((name) => [name, { ...SHARED_FLAGS[name], hidden: true }]));
}

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
