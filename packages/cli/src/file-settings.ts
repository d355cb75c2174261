import { type OwnReason, ReasonError, reasonOf } from "@firebreak/archive";
import { cliFault, cliReason, type CliReasons } from "./cli-faults.ts";
import type { CommandFlags, FlagKinds, Flags, FlagKind } from "./flags.ts";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

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

/**
 * Reads the settings of a YAML file. Its keys are long flags, and its values are those that the flags take.
 *
 * @param known the flags of all commands.
 * @throws {FirebreakError} `config-unreadable`, also for a key that is no command's flag, or a value that the
 * flag does not take.
 */
export function readConfig(file: string, known: FlagKinds): Readonly<Record<string, unknown>> {
  try {
    const settings: unknown = parse(readFileSync(file, "utf8"));
    if (typeof settings !== "object" || settings === null || Array.isArray(settings))
      throw new ReasonError(cliReason("settings-none"));
    for (const [name, value] of Object.entries(settings)) {
      const option = known[name];
      if (option === undefined) throw new ReasonError(cliReason("setting-unknown", { name }));
      const problem = problemOf(name, option, value);
      if (problem !== undefined) throw new ReasonError(problem);
    }
    return { ...settings };
  } catch (error) {
    const reason = reasonOf(error);
    throw cliFault(
      "config-unreadable",
      { file, reason: typeof reason === "string" ? firstLine(reason) : reason },
      error,
    );
  }
}

function problemOf(name: string, { type, choices, array }: FlagKind, value: unknown): OwnReason | undefined {
  if (array !== true && choices !== undefined)
    return choices.some((choice) => choice === value)
      ? undefined
      : cliReason("setting-choices", { name, choices: choices.map(String) });
  const takes = array === true ? "texts" : type === "number" || type === "boolean" ? type : "text";
  return isTaken(takes, value) ? undefined : cliReason("setting-takes", { name, takes });
}

function isTaken(takes: CliReasons["setting-takes"]["takes"], value: unknown): boolean {
  if (takes !== "texts") return typeof value === (takes === "text" ? "string" : takes);
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.every((v) => typeof v === "string");
}

/** Returns the first line of a message. The other lines of YAML's own messages repeat the place. */
function firstLine(reason: string): string {
  return reason.split("\n", 1)[0]!.replace(/:$/, "");
}
