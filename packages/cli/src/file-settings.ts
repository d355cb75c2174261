import type { OwnReason } from "@firebreak/archive";
import { cliFault } from "./cli-faults.ts";
import { cliReason } from "./cli-reasons.ts";
import type { CommandFlags, FlagKinds, Flags } from "./flags.ts";
import { readConfig } from "./config-file.ts";

/**
 * Reads one command's settings from a settings file. The file serves all commands, so it may have settings of
 * other commands. A setting that means something else here is left out.
 *
 * @param flags the flags that the person gave.
 * @param known the flags of all commands.
 * @throws {FirebreakError} `config-unreadable`, or `usage` if a setting would silently have no effect.
 */
export function fileSettings(file: string, command: CommandFlags, flags: Flags, known: FlagKinds): Flags {
  const settings: Record<string, unknown> = { ...readConfig(file, known) };
  const refuse = (reason: OwnReason): never => {
    throw cliFault("usage", { reason, command: command.name });
  };
  if (settings["dry-run"] === true && command.flags["dry-run"] === undefined)
    refuse(cliReason("dry-run-unknown", { file, command: command.name }));
  for (const name of command.commandLineOnly ?? []) delete settings[name];
  for (const [name, { alias }] of Object.entries(command.flags))
    if (typeof alias === "string") settings[name] ??= settings[alias];
  for (const [name, { conflicts }] of Object.entries(command.flags))
    for (const other of [conflicts].flat()) {
      if (typeof other !== "string") continue;
      const isSet = (of: string): boolean => (flags[of] ?? settings[of] ?? false) !== false;
      // yargs has already refused two flags that conflict. A URL conflicts with nothing here: it only names a
      // place, for the commands that need it.
      const isInFile = flags[name] === undefined || flags[other] === undefined;
      if (isInFile && isSet(name) && isSet(other) && !other.endsWith("-url"))
        refuse(cliReason("settings-exclusive", { file, name, other }));
    }
  return settings;
}
