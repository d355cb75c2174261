import type { ExitCode } from "@firebreak/archive";
import type { Ask } from "./command.ts";
import { commandsOf } from "./command-list.ts";
import { textInEnvironment } from "./environment.ts";
import { withoutPasswords } from "./messages/explain.ts";
import { chosenLanguage } from "./messages/languages.ts";
import { parseArguments, knownFlags } from "./parse-arguments.ts";
import { PROFILES, type Profiles } from "./profiles.ts";
import { hasPerson, TerminalDialogue } from "./screen/terminal-dialogue.ts";
import { Reporter, type Terminal } from "./screen/reporter.ts";
import { Settings } from "./settings.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs the arguments that a person typed after the program's name, and returns the exit code. */
export async function runCommandLine(
  typed: readonly string[],
  terminal: Terminal,
  profiles: Profiles = PROFILES,
): Promise<ExitCode | 0> {
  // The person may type `--` to separate pnpm's own flags from ours, and pnpm passes it on.
  const first = typed.indexOf("--");
  const args = typed.filter((_, i) => i !== first);
  const language = chosenLanguage(saidLanguage(args), profiles);
  const commands = commandsOf(profiles);
  let reporter = new Reporter(
    {
      command: withoutPasswords(args[0] ?? ""),
      // This holds until all settings are read.
      isJson: saysJson(args) ?? textInEnvironment("json") === "true",
      isQuiet: false,
      isData: false,
      hasOwnReport: false,
      onlyLooks: false,
      tellsNotCarried: false,
      isDryRun: false,
      startsOver: false,
      language,
    },
    terminal,
  );
  try {
    const request = await parseArguments(args, commands, language.help, language.profiles);
    if (request === undefined) return 0;
    const { command, flags } = request;
    const dialogue = hasPerson(terminal) ? new TerminalDialogue(terminal, () => reporter) : undefined;
    const settings = new Settings(command, flags, knownFlags(commands), dialogue);
    const isData = command.carriesData?.(settings) === true;
    reporter = new Reporter(
      {
        command: command.name,
        isJson: settings.isOn("json"),
        isQuiet: settings.isOn("quiet"),
        isData,
        hasOwnReport: command.hasOwnReport === true,
        onlyLooks: command.onlyLooks === true,
        tellsNotCarried: command.tellsNotCarried === true,
        isDryRun: settings.isOn("dry-run"),
        startsOver: command.startsOver?.(settings) === true,
        language: chosenLanguage(settings.text("lang"), profiles),
      },
      terminal,
    );
    // A reader may close the stream early (`| head`). Then nobody needs documents, but other work must go on.
    for (const stream of [terminal.stdout, terminal.stderr])
      stream.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
        if (isData && stream === terminal.stdout) process.exit(0);
      });
    const interrupt = (): void => {
      // Written data is either sealed or written again by the next run, so nothing needs tidying up.
      reporter.interrupt();
      process.exit(130);
    };
    for (const signal of SIGNALS) process.once(signal, interrupt);
    try {
      const ask: Ask = (question, fields) => reporter.ask(question, fields);
      await reporter.follow(command.run(settings, ask, dialogue, reporter.language));
    } finally {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    }
    return reporter.finish();
  } catch (error) {
    return reporter.fail(error);
  }
}

/** Returns the language that a flag or the environment names. Help and errors need it before flags are parsed. */
function saidLanguage(args: readonly string[]): string | undefined {
  const flag = args.findLastIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  return flag === -1 ? textInEnvironment("lang") : (args[flag]!.split("=")[1] ?? args[flag + 1]);
}

/** Returns whether flags ask for JSON. Undefined if none says so or otherwise. Errors need it before flags are parsed. */
function saysJson(args: readonly string[]): boolean | undefined {
  const flag = args.findLastIndex((arg) => /^--(?:no-)?json(?:=|$)/.test(arg));
  if (flag === -1) return undefined;
  const [name, value = args[flag + 1]] = args[flag]!.split("=");
  return name === "--json" && value !== "false";
}
