import { readFileSync } from "node:fs";
import { ReasonError, reasonOf, type OwnReason } from "@firebreak/archive";
import { parse } from "yaml";
import { cliFault } from "./cli-faults.ts";
import { cliReason, type CliReasons } from "./cli-reasons.ts";
import type { FlagKind, FlagKinds } from "./flags.ts";

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
