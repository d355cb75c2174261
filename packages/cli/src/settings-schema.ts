import type { Command } from "./command.ts";
import type { FlagKind } from "./flags.ts";
import type { AnyHelp, HelpTexts } from "./messages/help-texts.ts";
import { knownFlags } from "./parse-arguments.ts";

/**
 * Returns the JSON Schema of a settings file, for editors. It has what the flags of the commands say: names,
 * types, choices and help. Editors understand its version, draft 7.
 */
export function settingsSchema(commands: readonly Command[], help: HelpTexts): object {
  const properties = Object.entries(knownFlags(commands))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, kind]): [string, object] => [
      name,
      { ...descriptionOf(name, commands, help), ...typeOf(kind) },
    ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of Firebreak (firebreak.yaml)",
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

function typeOf({ type, choices, array }: FlagKind): object {
  if (array === true) {
    const text = { type: "string" };
    return { anyOf: [text, { type: "array", items: text }] };
  }
  return choices === undefined ? { type } : { enum: choices };
}

/** Returns the help of a flag. Where commands have different texts, each text begins with their names. */
function descriptionOf(name: string, commands: readonly Command[], help: HelpTexts): object {
  const shared: Readonly<Record<string, string | undefined>> = help.flags;
  const texts: Readonly<Record<string, AnyHelp>> = help.commands;
  const namesByText = new Map<string, string[]>();
  for (const command of commands) {
    // A command that writes settings has the flags of others.
    if (command.writesConfig === true || !Object.hasOwn(command.flags, name)) continue;
    if (command.commandLineOnly?.includes(name) === true) continue;
    const text = texts[command.name]!.flags[name] ?? shared[name];
    if (text !== undefined) namesByText.set(text, [...(namesByText.get(text) ?? []), command.name]);
  }
  const found = [...namesByText];
  const description =
    found.length > 1
      ? found.map(([text, names]) => `${names.join(", ")}: ${text}`).join("\n")
      : (found[0]?.[0] ?? shared[name]);
  return description === undefined ? {} : { description };
}
