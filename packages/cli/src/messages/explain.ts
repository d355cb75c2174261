import { FirebreakError, type Note, type Reason } from "@firebreak/archive";
import type { Notes } from "./codes.ts";
import type { Message } from "@firebreak/profile";
import type { Language, ProfileSections } from "./language.ts";

/** The text of any fault. A method's type, since the fields are those of its code, whatever they are. */
type FaultText = { of(fields: object, profiles: ProfileSections): Message }["of"];

/** Returns the message for anything thrown. No message has a password, because fields never hold a URL. */
export function explain(language: Language, error: unknown): Message {
  if (error instanceof FirebreakError) {
    const sections = [language, ...Object.values(language.profiles)];
    const texts: Readonly<Record<string, FaultText>> | undefined = sections.find((section) =>
      Object.hasOwn(section.faults, error.code),
    )?.faults;
    if (texts !== undefined) return texts[error.code]!(error.fields, language.profiles);
  }
  const { problem, remedy } = language.unexpected;
  return {
    problem: `${problem} ${withoutPasswords(error instanceof Error ? error.message : String(error))}`,
    remedy,
  };
}

export function noteText<C extends keyof Notes>(
  language: Language,
  { code, fields }: Note<Notes, C>,
): string {
  return language.notes[code](fields, language.profiles);
}

/**
 * Returns advice to run a command again. It promises that the command goes on only if it does so.
 *
 * @param startsOver true if the next run of the command begins from the start.
 */
export function adviceFor(startsOver: boolean, advice: string, { goesOn }: Language): string {
  return startsOver ? advice.replace(goesOn, "") : advice;
}

/** Returns a text without the passwords of its URLs. An unescaped password may have any sign but a space. */
export function withoutPasswords(text: string): string {
  return text.replace(/((?:\w+:\/\/)?[^:@/\s]*):\S*@/g, "$1:…@");
}

/** Returns a fault's fields with its own reasons in words, as a program that reads `--json` has always had them. */
export function wordedFields(
  fields: Readonly<Record<string, unknown>>,
  words: (reason: Reason) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name === "reason" && isReason(value) ? words(value) : worded(value, words),
    ]),
  );
}

function worded(value: unknown, words: (reason: Reason) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => worded(one, words));
  return isPlain(value) ? wordedFields(value, words) : value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isReason(value: unknown): value is Exclude<Reason, string> {
  return isPlain(value) && typeof value["code"] === "string" && isPlain(value["fields"]);
}
