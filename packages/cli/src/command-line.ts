import { setFlagsFromString } from "node:v8";
import type { ExitCode } from "@firebreak/archive";
import type { Command } from "./command.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { checksumCommand } from "./commands/checksum.ts";
import { compactCommand } from "./commands/compact.ts";
import { exportCommand } from "./commands/export.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { loadCommand } from "./commands/load.ts";
import { restoreCommand } from "./commands/restore.ts";
import { statusCommand } from "./commands/status.ts";
import { transformCommand } from "./commands/transform.ts";
import { verifyCommand } from "./commands/verify.ts";
import { en } from "./messages/en.ts";
import { parseArguments, knownFlags } from "./parse-arguments.ts";
import { Reporter } from "./screen/reporter.ts";
import { Settings } from "./settings.ts";

const COMMANDS: readonly Command[] = [
  exportCommand,
  transformCommand,
  loadCommand,
  checksumCommand,
  verifyCommand,
  restoreCommand,
  bundleCommand,
  compactCommand,
  inspectCommand,
  statusCommand,
];

// Parts stream through buffers outside of the heap. By default every 32 MB of them start a collection of the
// whole heap: a third of the CPU that reading parts takes (bench/garbage.ts).
setFlagsFromString("--external-memory-accounted-in-global-limit");

async function main(args: readonly string[]): Promise<ExitCode | 0> {
  const isJson = args.includes("--json");
  let reporter = new Reporter({
    command: args[0] ?? "",
    isJson,
    isQuiet: false,
    isData: false,
    hasOwnReport: false,
    onlyLooks: false,
    isDryRun: false,
    catalogue: en,
  });
  try {
    const request = await parseArguments(args, COMMANDS);
    if (request === undefined) return 0;
    const { command, flags } = request;
    const isData = command.carriesData?.(flags) === true;
    reporter = new Reporter({
      command: command.name,
      isJson,
      isQuiet: flags["quiet"] === true,
      isData,
      hasOwnReport: command.hasOwnReport === true,
      onlyLooks: command.onlyLooks === true,
      isDryRun: flags["dry-run"] === true,
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
    const settings = new Settings(command.name, flags, knownFlags(COMMANDS));
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
