import { SetUpError } from "./set-up-error.ts";

/** One line a step, on stderr: stdout belongs to what a caller may want to read by program. */
export function say(line: string): void {
  process.stderr.write(`firebreak: ${line}\n`);
}

/** Shows what went wrong: a sentence and its remedy where the cause is known, the error whole where it is our own fault. */
export function sayError(error: unknown): void {
  if (error instanceof SetUpError) {
    say(error.message);
    say(error.remedy);
  } else {
    console.error(error);
  }
}
