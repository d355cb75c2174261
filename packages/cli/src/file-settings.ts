import { readFileSync } from "node:fs";
import {
  LineCounter,
  isMap,
  isNode,
  isScalar,
  parseDocument,
  type Document,
  type ErrorCode,
  type Pair,
} from "yaml";
import { nearestWord, type OwnReason, type Reason, wordsOf } from "@firebreak/archive";
import { cliFault, cliReason, type CliReasons } from "./cli-faults.ts";
import type { CommandFlags, FlagKinds, FlagKind } from "./flags.ts";
import type { GivenSetting, GivenSettings } from "./given-setting.ts";

/**
 * Reads one command's settings from a settings file. The file serves all commands, so it may have settings of
 * other commands. A setting that means something else here is left out.
 *
 * @param known the flags of all commands.
 * @throws {FirebreakError} `config-unreadable`
 */
export function fileSettings(file: string, command: CommandFlags, known: FlagKinds): GivenSettings {
  const settings = readConfig(file, known);
  for (const name of command.commandLineOnly ?? []) settings.delete(name);
  for (const [name, { alias }] of Object.entries(command.flags)) {
    const other = typeof alias === "string" ? settings.get(alias) : undefined;
    if (other !== undefined && !settings.has(name)) settings.set(name, other);
  }
  return settings;
}

/**
 * Reads the settings of a YAML file. Its keys are long flags, and its values are those that the flags take.
 * No message quotes the file's text, which may have passwords. It names the line instead.
 *
 * @param known the flags of all commands.
 * @throws {FirebreakError} `config-unreadable`, also for a key that is no command's flag, or a value that the
 * flag does not take.
 */
export function readConfig(file: string, known: FlagKinds): Map<string, GivenSetting> {
  const lines = new LineCounter();
  const document = parsed(file, lines);
  const lineAt = (node: unknown): number => lines.linePos(offsetOf(node)).line;
  const refuse = (reason: Reason, line?: number): never => {
    throw cliFault("config-unreadable", { file, line, reason });
  };
  // The parser only warns of a tag that it does not know, and takes the value for text.
  const error = document.errors[0] ?? document.warnings[0];
  if (error !== undefined) refuse(yamlReason(error.code), lines.linePos(error.pos[0]).line);
  const { contents } = document;
  if (!isMap(contents)) return refuse(cliReason("settings-none"));
  const settings = new Map<string, GivenSetting>();
  for (const pair of contents.items) {
    const line = lineAt(pair.key);
    const name = nameOf(pair);
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (option === undefined) return refuse(unknownReason(name, Object.keys(known)), line);
    const before = settings.get(name)?.origin;
    if (before?.from === "file") refuse(cliReason("setting-twice", { name, line: before.line }), line);
    const value = valueOf(pair, document);
    const problem = problemOf(name, option, value);
    if (problem !== undefined) refuse(problem, line);
    settings.set(name, { value, origin: { from: "file", name, file, line } });
  }
  return settings;
}

function parsed(file: string, lineCounter: LineCounter): Document.Parsed {
  try {
    // A key that is there twice is reported with its name, which the parser's own error does not have.
    return parseDocument(readFileSync(file, "utf8"), { lineCounter, prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    throw cliFault("config-unreadable", { file, line: undefined, reason: wordsOf(error) }, error);
  }
}

function offsetOf(node: unknown): number {
  return isScalar(node) || isMap(node) ? (node.range?.[0] ?? 0) : 0;
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : "";
}

function valueOf({ value }: Pair, document: Document.Parsed): unknown {
  try {
    return isScalar(value) ? value.value : isNode(value) ? value.toJS(document) : value;
  } catch {
    // An alias that has no anchor, or too many aliases. No flag takes such a value.
    return undefined;
  }
}

function yamlReason(code: ErrorCode): OwnReason {
  return code === "TAB_AS_INDENT" ? cliReason("yaml-tab") : cliReason("yaml-malformed", { code });
}

/** A key that does not look like a flag is not repeated, since it may be a URL that lacks its key. */
function unknownReason(name: string, known: readonly string[]): OwnReason {
  return /^[\w-]{1,40}$/.test(name)
    ? cliReason("setting-unknown", { name, nearest: nearestWord(name, known) })
    : cliReason("setting-nameless");
}

function problemOf(name: string, { type, choices, array }: FlagKind, value: unknown): OwnReason | undefined {
  if (array !== true && choices !== undefined) {
    const words = choices.map(String);
    if (words.some((choice) => choice === value)) return undefined;
    const nearest = typeof value === "string" ? nearestWord(value, words) : undefined;
    return cliReason("setting-choices", { name, choices: words, nearest });
  }
  const takes = array === true ? "texts" : type === "number" || type === "boolean" ? type : "text";
  return isTaken(takes, value) ? undefined : cliReason("setting-takes", { name, takes });
}

function isTaken(takes: CliReasons["setting-takes"]["takes"], value: unknown): boolean {
  if (takes !== "texts") return typeof value === (takes === "text" ? "string" : takes);
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.every((v) => typeof v === "string");
}
