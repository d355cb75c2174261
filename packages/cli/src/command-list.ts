import type { Command } from "./command.ts";
import { bundleCommand } from "./commands/bundle.ts";
import { checksumCommand } from "./commands/checksum.ts";
import { compactCommand } from "./commands/compact.ts";
import { exportCommand } from "./commands/export.ts";
import { initCommand } from "./commands/init.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { loadCommand } from "./commands/load.ts";
import { planCommand } from "./commands/plan.ts";
import { rehearseCommand } from "./commands/rehearse.ts";
import { queryTestCommand } from "./commands/query-test.ts";
import { restoreCommand } from "./commands/restore.ts";
import { statusCommand } from "./commands/status.ts";
import { transformCommand } from "./commands/transform.ts";
import { verifyCommand } from "./commands/verify.ts";
import type { Profiles } from "./profiles.ts";

function tableOf(profiles: Profiles) {
  return {
    plan: planCommand(profiles),
    rehearse: rehearseCommand(profiles),
    export: exportCommand,
    transform: transformCommand(profiles),
    load: loadCommand(profiles),
    checksum: checksumCommand,
    verify: verifyCommand,
    restore: restoreCommand,
    bundle: bundleCommand,
    compact: compactCommand,
    inspect: inspectCommand(profiles),
    status: statusCommand,
    init: initCommand,
    "query-test": queryTestCommand(profiles),
  } satisfies Readonly<Record<string, Command>>;
}

/** The commands' names, each with the names of its flags. */
export type CommandTable = ReturnType<typeof tableOf>;

/** Returns all commands, in the order of the help text. */
export function commandsOf(profiles: Profiles): readonly Command[] {
  return Object.values(tableOf(profiles));
}
