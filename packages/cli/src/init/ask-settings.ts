import {
  checkRecipient,
  DATABASE_KINDS,
  FirebreakError,
  idleGlobs,
  otherKind,
  type DatabaseKind,
} from "@firebreak/archive";
import { cliReason } from "../cli-faults.ts";
import type { CommandEvent } from "../command.ts";
import type { Dialogue } from "../dialogue.ts";
import type { Settings } from "../settings.ts";
import { askUrl } from "./ask-url.ts";
import type { Answers, UrlAnswer } from "./settings-files.ts";

export const SOURCES = ["mongodb", "mysql", "dump"] as const satisfies Answers["source"][];

/** The archive's folder, if the person names none. */
const ARCHIVE = "archive";

/**
 * Asks for the settings that the person has not given, and tries each server. With --yes it asks only for what
 * has no default.
 *
 * @param file the settings file.
 * @param dialogue undefined if nobody can be asked.
 * @throws {FirebreakError} `usage`, `url-missing`, `recipient-invalid`, or a fault of a server.
 */
export async function* askSettings(
  settings: Settings,
  file: string,
  dialogue: Dialogue | undefined,
): AsyncGenerator<CommandEvent, Answers> {
  const asked = settings.isOn("yes") ? undefined : dialogue;
  const source = settings.choice("source", SOURCES) ?? (await askChoice("init-source", SOURCES, asked));
  const dump = source === "dump" ? await dumpOf(settings, dialogue) : undefined;
  const target = await targetOf(settings, source, asked);
  const urls: UrlAnswer[] = [];
  let names: readonly string[] = [];
  if (source !== "dump") {
    const asking = yield* askUrl(settings, { kind: source, role: "source", file }, dialogue);
    urls.push(asking.answer);
    ({ names } = asking);
  }
  if (target !== undefined)
    urls.push((yield* askUrl(settings, { kind: target, role: "target", file }, dialogue)).answer);
  const archive =
    settings.text("archive") ?? ((await asked?.line("init-archive", { fallback: ARCHIVE })) || ARCHIVE);
  const include =
    asked === undefined || settings.list("include").length > 0
      ? settings.list("include")
      : wordsIn(await asked.line("init-include", {}));
  const idle = source === "dump" ? [] : idleGlobs(include, names);
  if (idle.length > 0) yield { kind: "note", code: "globs-idle", fields: { globs: idle } };
  const recipients = await recipientsOf(settings, asked);
  return { source, dump, urls, archive: settings.resolved(archive), include, recipients };
}

/** Asks until the answer is a choice. The first one is the default. */
async function askChoice<P extends "init-source" | "init-target", C extends string>(
  prompt: P,
  choices: readonly [C, ...C[]],
  dialogue: Dialogue | undefined,
): Promise<C> {
  for (;;) {
    const answer = (await dialogue?.line(prompt, { choices })) || choices[0];
    const choice = choices.find((one) => one === answer.toLowerCase());
    if (choice !== undefined) return choice;
  }
}

async function dumpOf(settings: Settings, dialogue: Dialogue | undefined): Promise<string> {
  const given = settings.path("dump");
  if (given !== undefined) return given;
  if (dialogue === undefined) throw settings.usage(cliReason("dump-missing"));
  let answer = "";
  while (answer === "") answer = await dialogue.line("init-dump", {});
  return settings.resolved(answer);
}

/** Returns the kind of the target, or undefined if the archive is only a backup. */
async function targetOf(
  settings: Settings,
  source: Answers["source"],
  dialogue: Dialogue | undefined,
): Promise<DatabaseKind | undefined> {
  const said = settings.choice("to", DATABASE_KINDS);
  // There is one URL for each kind of database.
  if (said !== undefined && said === source)
    throw settings.usage(cliReason("target-as-source", { kind: said }));
  if (said !== undefined) return said;
  const kinds: readonly [DatabaseKind, ...DatabaseKind[]] =
    source === "dump" ? ["mysql", "mongodb"] : [otherKind(source)];
  const given = kinds.find((kind) => settings.urls.has(kind));
  if (given !== undefined || dialogue === undefined) return given;
  const chosen = await askChoice("init-target", [...kinds, "none"], dialogue);
  return chosen === "none" ? undefined : chosen;
}

async function recipientsOf(settings: Settings, dialogue: Dialogue | undefined): Promise<readonly string[]> {
  const given = settings.list("recipient");
  for (const recipient of given) await checkRecipient(recipient);
  if (given.length > 0 || dialogue === undefined) return given;
  for (;;)
    try {
      const said = wordsIn(await dialogue.line("init-recipient", {}));
      for (const recipient of said) await checkRecipient(recipient);
      return said;
    } catch (error) {
      if (!(error instanceof FirebreakError)) throw error;
      dialogue.tell(error);
    }
}

function wordsIn(answer: string): string[] {
  return answer.split(/\s+/).filter((word) => word !== "");
}
