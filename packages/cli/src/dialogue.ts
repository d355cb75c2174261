import type { Prompts } from "./messages/codes.ts";

/** Talks with the person at the terminal. */
export interface Dialogue {
  /** Asks for a line of text, and returns it without the spaces at its ends. */
  line<P extends keyof Prompts>(prompt: P, fields: Prompts[P]): Promise<string>;
  /** Asks for a line of text that the terminal does not show, and returns it exactly. */
  secret<P extends keyof Prompts>(prompt: P, fields: Prompts[P]): Promise<string>;
  /** Prints an error and its remedy. The command may go on. */
  tell(error: unknown): void;
}
