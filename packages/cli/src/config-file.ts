import { readFileSync } from "node:fs";
import { reasonOf } from "@firebreak/archive";
import { parse } from "yaml";
import { cliFault } from "./cli-faults.ts";
import type { FlagKind, FlagKinds } from "./command.ts";

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
      throw new Error("it holds no settings");
    for (const [name, value] of Object.entries(settings)) {
      const option = known[name];
      if (option === undefined) throw new Error(`${name} is no setting`);
      const problem = problemOf(option, value);
      if (problem !== undefined) throw new Error(`${name} ${problem}`);
    }
    return settings as Record<string, unknown>;
  } catch (error) {
    throw cliFault("config-unreadable", { file, reason: firstLine(reasonOf(error)) }, error);
  }
}

function problemOf({ type, choices, array }: FlagKind, value: unknown): string | undefined {
  if (array === true) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.every((v) => typeof v === "string") ? undefined : "takes text, or a list of texts";
  }
  if (choices !== undefined)
    return choices.includes(value as string) ? undefined : `takes one of ${choices.join(", ")}`;
  switch (type) {
    case "number":
      return typeof value === "number" ? undefined : "takes a number";
    case "boolean":
      return typeof value === "boolean" ? undefined : "takes true or false";
    default:
      return typeof value === "string" ? undefined : "takes text (in quotes, where it looks like a number)";
  }
}

/** Returns the first line of a message. The other lines of YAML's own messages repeat the place. */
function firstLine(reason: string): string {
  return reason.split("\n", 1)[0]!.replace(/:$/, "");
}
