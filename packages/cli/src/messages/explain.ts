import { FirebreakError, type Note } from "@firebreak/archive";
import type { Catalogue, Message, Notes } from "./catalogue.ts";

/** Returns the message for anything thrown. No message has a password, because fields never hold a URL. */
export function explain(catalogue: Catalogue, error: unknown): Message {
  if (error instanceof FirebreakError && error.code in catalogue.faults) {
    const text = catalogue.faults[error.code as keyof Catalogue["faults"]] as (fields: unknown) => Message;
    return text(error.fields);
  }
  const { problem, remedy } = catalogue.unexpected;
  return {
    problem: `${problem} ${withoutPasswords(error instanceof Error ? error.message : String(error))}`,
    remedy,
  };
}

export function noteText<C extends keyof Notes>(
  catalogue: Catalogue,
  { code, fields }: Note<Notes, C>,
): string {
  return catalogue.notes[code](fields);
}

/**
 * Returns advice to run a command again. It promises that the command goes on only if it does so.
 *
 * @param startsOver true if the next run of the command begins from the start.
 */
export function adviceFor(startsOver: boolean, advice: string, { goesOn }: Catalogue): string {
  return startsOver ? advice.replace(goesOn, "") : advice;
}

function withoutPasswords(text: string): string {
  return text.replace(/(\w+:\/\/[^:@/\s]*):[^@\s]*@/g, "$1:…@");
}
