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

const table = {
  export: exportCommand,
  transform: transformCommand,
  load: loadCommand,
  checksum: checksumCommand,
  verify: verifyCommand,
  restore: restoreCommand,
  bundle: bundleCommand,
  compact: compactCommand,
  inspect: inspectCommand,
  status: statusCommand,
} satisfies Readonly<Record<string, Command>>;

/** The commands' names, each with the names of its flags. */
export type CommandTable = typeof table;

/** All commands, in the order of the help text. */
export const COMMANDS: readonly Command[] = Object.values(table);
