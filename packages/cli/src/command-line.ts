import type { ExitCode } from "@firebreak/archive";
import { COMMANDS } from "./command-list.ts";
import { en } from "./messages/en.ts";
import { parseArguments, knownFlags } from "./parse-arguments.ts";
import { Reporter, type Terminal } from "./screen/reporter.ts";
import { Settings } from "./settings.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs what a person typed behind the program's name; returns the exit code. */
export async function runCommandLine(typed: readonly string[], terminal: Terminal): Promise<ExitCode | 0> {
  // pnpm passes on the `--` that separates its own flags from ours.
  const first = typed.indexOf("--");
  const args = typed.filter((_, i) => i !== first);
  let reporter = new Reporter(
    {
      command: args[0] ?? "",
      // Until all settings are read.
      isJson: args.includes("--json") || args.includes("--json=true"),
      isQuiet: false,
      isData: false,
      hasOwnReport: false,
      onlyLooks: false,
      tellsNotCarried: false,
      isDryRun: false,
      catalogue: en,
    },
    terminal,
  );
  try {
    const request = await parseArguments(args, COMMANDS);
    if (request === undefined) return 0;
    const { command, flags } = request;
    const settings = new Settings(command, flags, knownFlags(COMMANDS));
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
        catalogue: en,
      },
      terminal,
    );
    // Whoever reads may have seen enough (`| head`): then documents are not needed any more, but other work is.
    for (const stream of [terminal.stdout, terminal.stderr])
      stream.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
        if (isData && stream === terminal.stdout) process.exit(0);
      });
    const interrupt = (): void => {
      // Everything written is either sealed or done again, so there is nothing to tidy up first.
      reporter.interrupt();
      process.exit(130);
    };
    for (const signal of SIGNALS) process.once(signal, interrupt);
    try {
      await reporter.follow(command.run(settings, (question, fields) => reporter.ask(question, fields)));
    } finally {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    }
    return reporter.finish();
  } catch (error) {
    return reporter.fail(error);
  }
}
