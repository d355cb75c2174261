import { FirebreakError, type Note } from "@firebreak/archive";
import type { Notes } from "./codes.ts";
import type { Language, Message } from "./language.ts";

/** Returns the message for anything thrown. No message has a password, because fields never hold a URL. */
export function explain(language: Language, error: unknown): Message {
  if (error instanceof FirebreakError && error.code in language.faults) {
    const text = language.faults[error.code as keyof Language["faults"]] as (fields: unknown) => Message;
    return text(error.fields);
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
  return language.notes[code](fields);
}

/**
 * Returns advice to run a command again. It promises that the command goes on only if it does so.
 *
 * @param startsOver true if the next run of the command begins from the start.
 */
export function adviceFor(startsOver: boolean, advice: string, { goesOn }: Language): string {
  return startsOver ? advice.replace(goesOn, "") : advice;
}

function withoutPasswords(text: string): string {
  return text.replace(/(\w+:\/\/[^:@/\s]*):[^@\s]*@/g, "$1:…@");
}
