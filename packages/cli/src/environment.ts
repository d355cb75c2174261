import { cliFault, cliReason, type CliReasons } from "./cli-faults.ts";
import { SHARED_FLAGS, type CommandFlags, type FlagKind } from "./flags.ts";
import type { GivenSetting, GivenSettings } from "./given-setting.ts";

/** Returns the environment variable that sets a flag: `FIREBREAK_PART_MIB` for `--part-mib`. */
export function variableOf(flag: string): string {
  return `FIREBREAK_${flag.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * Returns the value of a flag's variable as text, or undefined if it is not set. An empty variable counts as
 * not set, so that `FIREBREAK_MYSQL_URL= pnpm load` takes the URL of the settings file.
 */
export function textInEnvironment(flag: string): string | undefined {
  return process.env[variableOf(flag)] || undefined;
}

/**
 * Reads one command's settings from the environment. Variables of other commands' flags are left alone, as
 * settings in a file are.
 *
 * @throws {FirebreakError} `usage` for a value that the flag does not take.
 */
export function environmentSettings(command: CommandFlags): GivenSettings {
  const settings = new Map<string, GivenSetting>();
  const flags = { ...SHARED_FLAGS, ...command.flags };
  for (const [flag, kind] of Object.entries<FlagKind>(flags)) {
    if (command.commandLineOnly?.includes(flag) === true) continue;
    const names = [flag, kind.alias].filter((name) => typeof name === "string");
    const given = names.find((name) => textInEnvironment(name) !== undefined);
    if (given === undefined) continue;
    settings.set(flag, {
      value: valueOf(given, textInEnvironment(given)!, kind, command),
      origin: { from: "variable", name: variableOf(given) },
    });
  }
  const isDry = command.flags["dry-run"] === undefined && textInEnvironment("dry-run") === "true";
  if (isDry)
    settings.set("dry-run", { value: true, origin: { from: "variable", name: variableOf("dry-run") } });
  return settings;
}

function valueOf(flag: string, text: string, kind: FlagKind, command: CommandFlags): unknown {
  const variable = variableOf(flag);
  const refuse = (takes: CliReasons["variable-takes"]["takes"]): never => {
    throw cliFault("usage", {
      reason: cliReason("variable-takes", { variable, takes }),
      command: command.name,
    });
  };
  if (kind.array === true) return text.split(/\s+/).filter((word) => word !== "");
  if (kind.choices !== undefined) {
    const choices = kind.choices.map(String);
    return choices.includes(text) ? text : refuse(choices);
  }
  switch (kind.type) {
    case "boolean":
      return text === "true" ? true : text === "false" ? false : refuse("boolean");
    case "number": {
      const number = Number(text);
      return Number.isFinite(number) && text.trim() !== "" ? number : refuse("number");
    }
    default:
      return text;
  }
}
