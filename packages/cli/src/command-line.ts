import { setFlagsFromString } from "node:v8";
import type { ExitCode } from "@firebreak/archive";
import { COMMANDS } from "./command-list.ts";
import { en } from "./messages/en.ts";
import { parseArguments, knownFlags } from "./parse-arguments.ts";
import { Reporter } from "./screen/reporter.ts";
import { Settings } from "./settings.ts";

// Parts stream through buffers outside of the heap. By default every 32 MB of them start a collection of the
// whole heap: a third of the CPU that reading parts takes (bench/garbage.ts).
setFlagsFromString("--external-memory-accounted-in-global-limit");

async function main(args: readonly string[]): Promise<ExitCode | 0> {
  let reporter = new Reporter({
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
  });
  try {
    const request = await parseArguments(args, COMMANDS);
    if (request === undefined) return 0;
    const { command, flags } = request;
    const settings = new Settings(command, flags, knownFlags(COMMANDS));
    const isData = command.carriesData?.(settings) === true;
    reporter = new Reporter({
      command: command.name,
      isJson: settings.isOn("json"),
      isQuiet: settings.isOn("quiet"),
      isData,
      hasOwnReport: command.hasOwnReport === true,
      onlyLooks: command.onlyLooks === true,
      tellsNotCarried: command.tellsNotCarried === true,
      isDryRun: settings.isOn("dry-run"),
      catalogue: en,
    });
    // Whoever reads may have seen enough (`| head`): then documents are not needed any more, but other work is.
    for (const stream of [process.stdout, process.stderr])
      stream.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
        if (isData && stream === process.stdout) process.exit(0);
      });
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => {
        // Everything written is either sealed or done again, so there is nothing to tidy up first.
        reporter.interrupt();
        process.exit(130);
      });
    await reporter.follow(command.run(settings, (question, fields) => reporter.ask(question, fields)));
    return reporter.finish();
  } catch (error) {
    return reporter.fail(error);
  }
}

// pnpm passes on the `--` that separates its own flags from ours.
process.exitCode = await main(
  process.argv
    .slice(2)
    .filter((arg, i, all) => !(arg === "--" && (i === 0 || !all.slice(0, i).includes("--")))),
);
