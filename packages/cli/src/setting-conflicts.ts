import { cliFault, cliReason } from "./cli-faults.ts";
import type { CommandFlags } from "./flags.ts";
import { isSet, type GivenSettings } from "./given-setting.ts";

/**
 * Refuses settings of a file or of the environment that would silently have no effect: a dry run of a command
 * that has none and writes, and a setting that another one excludes.
 *
 * @throws {FirebreakError} `usage`
 */
export function refuseConflicts(command: CommandFlags, settings: GivenSettings): void {
  const dryRun = settings.get("dry-run");
  const writes = command.writesWith?.some((name) => isSet(settings.get(name))) ?? true;
  if (command.flags["dry-run"] === undefined && dryRun?.value === true && writes)
    throw cliFault("usage", {
      reason: cliReason("dry-run-unknown", { origin: dryRun.origin, command: command.name }),
      command: command.name,
    });
  for (const [name, { conflicts }] of Object.entries(command.flags))
    for (const other of [conflicts].flat()) {
      // A URL conflicts with nothing here: it only names a place, for the commands that need it.
      if (typeof other !== "string" || /-url(-file)?$/.test(other)) continue;
      const [one, two] = [settings.get(name), settings.get(other)];
      if (!isSet(one) || !isSet(two)) continue;
      // yargs has already refused two flags that conflict.
      if (one.origin.from === "flag" && two.origin.from === "flag") continue;
      throw cliFault("usage", {
        reason: cliReason("settings-exclusive", { one: one.origin, other: two.origin }),
        command: command.name,
      });
    }
}
