import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import type { Dialogue } from "../dialogue.ts";
import type { Prompts } from "../messages/codes.ts";
import type { Language } from "../messages/language.ts";
import type { Terminal } from "./reporter.ts";
import { printable } from "./visible-value.ts";

/** The parts of the reporter that a dialogue prints with. */
export interface Screen {
  readonly language: Language;
  /** Ends the line of progress, so that a question has a line of its own. */
  endProgress(): void;
  tell(error: unknown): void;
}

/** Returns true if a person can be asked: the questions go to stderr, since stdout may be a pipe. */
export function hasPerson({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY && stderr.isTTY;
}

/** Asks on the terminal. The terminal is in raw mode only while a question is open. */
export class TerminalDialogue implements Dialogue {
  readonly #terminal: Terminal;
  readonly #screen: () => Screen;
  /** Lines that the person typed or pasted before they were asked for. */
  readonly #early: string[] = [];

  /** @param screen the screen at the time of a question. */
  constructor(terminal: Terminal, screen: () => Screen) {
    this.#terminal = terminal;
    this.#screen = screen;
  }

  async line<P extends keyof Prompts>(prompt: P, fields: Prompts[P]): Promise<string> {
    return (await this.#ask(this.#screen().language.prompts[prompt](fields), true)).trim();
  }

  async secret<P extends keyof Prompts>(prompt: P, fields: Prompts[P]): Promise<string> {
    return this.#ask(this.#screen().language.prompts[prompt](fields), false);
  }

  tell(error: unknown): void {
    this.#screen().tell(error);
  }

  async #ask(prompt: string, isShown: boolean): Promise<string> {
    const { stdin, stderr } = this.#terminal;
    this.#screen().endProgress();
    const early = this.#early.shift();
    if (early !== undefined) {
      stderr.write(printable(`${prompt} ${isShown ? early : ""}\n`));
      return early;
    }
    // Lines that follow the answer, as in a paste, may be the answer to a question for a secret.
    let isOpen = isShown;
    const shown = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (isOpen) stderr.write(chunk);
        done();
      },
    });
    const lines = createInterface({
      input: stdin,
      output: Object.assign(shown, { columns: stderr.columns }),
      prompt: isShown ? printable(`${prompt} `) : "",
      terminal: true,
      historySize: 0,
    });
    // The terminal shows nothing from here on, so a fast answer stays unseen.
    if (!isShown) stderr.write(printable(`${prompt} `));
    try {
      return await this.#nextLine(lines, () => {
        isOpen = false;
      });
    } finally {
      lines.close();
      if (!isShown) stderr.write("\n");
    }
  }

  /** @param hide is called at the end of the answer. */
  #nextLine(lines: Interface, hide: () => void): Promise<string> {
    return new Promise((resolve) => {
      let isAnswered = false;
      lines.on("line", (line) => {
        if (isAnswered) this.#early.push(line);
        else resolve(line);
        isAnswered = true;
        hide();
      });
      // In raw mode the terminal sends no signal at Ctrl-C. The end of the input (Ctrl-D) is no answer, either.
      const interrupt = (): void => {
        if (!isAnswered) process.kill(process.pid, "SIGINT");
      };
      lines.on("SIGINT", interrupt);
      lines.on("close", interrupt);
      lines.prompt();
    });
  }
}
