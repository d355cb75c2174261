import { FirebreakError } from "@firebreak/archive";
import type { Catalogue, Message } from "./catalogue.ts";

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

/** Commands that keep nothing of an interrupted run. The next run starts over. */
const WITHOUT_PROGRESS: ReadonlySet<string> = new Set(["checksum", "inspect", "status", "verify"]);

/** Returns advice to run a command again. It promises that the command goes on only if it does so. */
export function adviceFor(command: string, advice: string, { goesOn }: Catalogue): string {
  return WITHOUT_PROGRESS.has(command) ? advice.replace(goesOn, "") : advice;
}

function withoutPasswords(text: string): string {
  return text.replace(/(\w+:\/\/[^:@/\s]*):[^@\s]*@/g, "$1:…@");
}
