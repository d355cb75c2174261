import { once } from "node:events";
import { createInterface } from "node:readline";
import { EmptyLastLines, FirebreakError, isWithheld, type ExitCode } from "@firebreak/archive";
import type { CommandEvent } from "../command.ts";
import type { Questions } from "../messages/codes.ts";
import type { Message } from "@firebreak/profile";
import type { Language } from "../messages/language.ts";
import { adviceFor, explain, noteText, wordedFields } from "../messages/explain.ts";
import { accountTable } from "./account-table.ts";
import { AlikeTexts } from "./alike-texts.ts";
import { extraLines, notCarriedLines } from "./not-carried-lines.ts";
import { haveDifferences } from "./query-summary.ts";
import { ProgressView } from "./progress.ts";
import { RunOutcome } from "./run-outcome.ts";
import { printable } from "./visible-value.ts";

/** The streams for answers and texts: those of the process, or a test's own. */
export type Terminal = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr">;

export interface ReporterOptions {
  readonly command: string;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** True if stdout carries documents. Text for people then goes to stderr. */
  readonly isData: boolean;
  readonly hasOwnReport: boolean;
  readonly onlyLooks: boolean;
  readonly tellsNotCarried: boolean;
  readonly isDryRun: boolean;
  /** True if the next run after an interrupted one begins from the start. */
  readonly startsOver: boolean;
  readonly language: Language;
}

/**
 * Prints the events of a command, and determines the exit code. With `--json`, stdout gets one event a line.
 * Text for people then goes to stderr, as it does if stdout carries documents.
 */
export class Reporter {
  readonly language: Language;
  readonly #options: ReporterOptions;
  readonly #terminal: Terminal;
  readonly #people: NodeJS.WriteStream;
  readonly #progress: ProgressView;
  readonly #alike: AlikeTexts;
  readonly #startedAt = performance.now();
  readonly #outcome = new RunOutcome();

  constructor(options: ReporterOptions, terminal: Terminal) {
    this.#options = options;
    this.language = options.language;
    this.#terminal = terminal;
    this.#people = options.isJson || options.isData ? terminal.stderr : terminal.stdout;
    this.#alike = new AlikeTexts(options.language.alike);
    this.#progress = new ProgressView(this.#people, options.language);
  }

  /** Prints all events of a step as they come. */
  async follow(events: AsyncIterable<CommandEvent>): Promise<void> {
    const emptyLines = new EmptyLastLines();
    try {
      for await (const event of events) {
        this.#take(event);
        if (this.#terminal.stdout.writableNeedDrain)
          await once(this.#terminal.stdout, "drain").catch((error: NodeJS.ErrnoException) => {
            // The reader has closed stdout. The error listener in command-line.ts decides what follows.
            if (error.code !== "EPIPE") throw error;
          });
      }
    } finally {
      const files = emptyLines.take();
      if (files.length > 0) this.#take({ kind: "note", code: "empty-last-lines", fields: { files } });
      emptyLines.close();
      this.#progress.end();
    }
  }

  /** Prints the account and the summary of a step that did not fail, and returns the exit code. */
  finish(): ExitCode | 0 {
    const { language, command } = this.#options;
    const { accounts, databases } = this.#outcome;
    this.#say();
    if (this.#options.onlyLooks) {
      for (const line of extraLines(accounts, language.extra)) this.#say(line);
      this.#summary(true, 0, undefined);
      return 0;
    }
    const quarantined = accounts.reduce((sum, a) => sum + (a.quarantined ?? 0), 0);
    const refused = accounts.reduce((sum, a) => sum + (a.quarantinedAtLoad ?? 0), 0);
    const differs =
      accounts.some((a) => a.equal === false || a.tables?.some((t) => t.equal === false)) ||
      haveDifferences(this.#outcome.queries);
    // The archive names objects that the source did not show, and lacks them, as it does quarantined
    // documents.
    const isShort = databases.some((d) => d.notCarried.some(isWithheld));
    const exitCode = differs ? 4 : quarantined + refused > 0 || isShort ? 3 : 0;
    // `--quiet` does not hide problems.
    const say = (text: string): void => this.#say(text, exitCode !== 0);
    if (accounts.length > 0 && !this.#options.hasOwnReport) say(accountTable(accounts));
    for (const line of extraLines(accounts, language.extra)) this.#say(line);
    if (this.#options.tellsNotCarried)
      for (const line of notCarriedLines(accounts, databases, language.notCarried)) this.#say(line, isShort);
    if (quarantined > 0) say(language.quarantined(quarantined));
    this.#say(language.done(command, (this.#elapsedMs() / 1000).toFixed(1), this.#options.isDryRun));
    this.#summary(!differs, exitCode, undefined);
    return exitCode;
  }

  /** Prints the error and its remedy, and returns the exit code. */
  fail(error: unknown): ExitCode {
    const exitCode = error instanceof FirebreakError ? error.exitCode : 1;
    const { language } = this.#options;
    const { problem, remedy } = this.tell(error);
    this.#summary(false, exitCode, {
      code: error instanceof FirebreakError ? error.code : "unexpected",
      problem,
      remedy,
      // Text for people names similar tables together. Here each table has its own finding.
      ...(error instanceof FirebreakError ? { fields: wordedFields(error.fields, language.words) } : {}),
    });
    return exitCode;
  }

  /** Prints an error and its remedy on stderr, and returns both. */
  tell(error: unknown): Message {
    this.endProgress();
    const { language, startsOver } = this.#options;
    const { problem, remedy: advice } = explain(language, error);
    const remedy = adviceFor(startsOver, advice, language);
    this.#terminal.stderr.write(printable(`firebreak: ${problem}\n${remedy}\n`));
    return { problem, remedy };
  }

  /** Prints all that was held back. What is printed next has a line of its own. */
  endProgress(): void {
    this.#progress.end();
    this.#say();
  }

  /** Asks on stderr, so that stdout stays free of questions. Any answer except y or yes counts as no. */
  async ask<Q extends keyof Questions>(question: Q, fields: Questions[Q]): Promise<boolean> {
    this.endProgress();
    this.#terminal.stderr.write(printable(`${this.#options.language.questions[question](fields)} [y/N] `));
    // With `terminal: true`, Ctrl-C would end only the question. It must end the process.
    const lines = createInterface({ input: this.#terminal.stdin, terminal: false });
    for await (const answer of lines) return /^y(es)?$/i.test(answer.trim());
    return false;
  }

  interrupt(): void {
    this.endProgress();
    const { language, startsOver } = this.#options;
    this.#terminal.stderr.write(`\n${adviceFor(startsOver, language.interrupted, language)}\n`);
    this.#summary(false, 130, undefined);
  }

  #take(event: CommandEvent): void {
    const { language, isJson, isQuiet } = this.#options;
    this.#outcome.take(event);
    if (event.kind === "lines") this.#lines(event);
    else if (isJson && event.kind !== "account" && event.kind !== "queries") {
      const { kind, ...fields } = event;
      this.#terminal.stdout.write(`${JSON.stringify({ event: kind, ...fields })}\n`);
    }
    switch (event.kind) {
      case "progress":
        if (!isQuiet) this.#progress.show(event);
        break;
      case "note":
        this.#sayAlike(event, noteText(language, event));
        break;
      case "differences":
        this.#sayAlike(event, language.differences(event), true);
        break;
      case "sample":
        this.#say(language.sample(event));
        break;
      case "archive":
        this.#say(language.inspect.archive(event));
        break;
      case "namespace":
        this.#sayAlike(event, language.inspect.namespace(event));
        break;
      case "survey":
        this.#say(language.inspect.survey(event));
        break;
      case "status":
        this.#say(language.status(event));
        break;
      case "plan":
        this.#say(language.plan(event, language.profiles));
        break;
      case "query":
        for (const text of language.queryTest.query(event)) this.#say(text, !event.answersEqual);
        break;
      case "queries":
        this.#say(language.queryTest.table(event.queries), haveDifferences(event.queries));
        break;
      case "rehearsal":
      case "lines":
      case "account":
        break;
    }
  }

  /** Prints documents unchanged from the archive, or with `--json` an event for each. */
  #lines({ namespace, bytes }: Extract<CommandEvent, { kind: "lines" }>): void {
    this.#progress.end();
    if (!this.#options.isJson) {
      this.#terminal.stdout.write(bytes);
      return;
    }
    for (const line of bytes.toString("utf8").split("\n"))
      if (line !== "") this.#terminal.stdout.write(`${JSON.stringify({ event: "line", namespace, line })}\n`);
  }

  /** Prints a text, or holds it back if other shards had the same. */
  #sayAlike(event: Parameters<AlikeTexts["hold"]>[0], text: string, isProblem = false): void {
    if (!this.#alike.hold(event, text)) this.#say(text, isProblem);
  }

  /** @param isProblem true if the text is printed with `--quiet` too, on stderr. */
  #say(text?: string, isProblem = false): void {
    const texts = [...this.#alike.release(), ...(text === undefined ? [] : [text])];
    if (texts.length === 0) return;
    this.#progress.end();
    const said = printable(`${texts.join("\n")}\n`);
    if (!this.#options.isQuiet) this.#people.write(said);
    else if (isProblem) this.#terminal.stderr.write(said);
  }

  #summary(isOk: boolean, exitCode: number, error: object | undefined): void {
    if (!this.#options.isJson) return;
    const summary = {
      event: "summary",
      command: this.#options.command,
      ok: isOk,
      exitCode,
      ...this.#outcome.fields(),
      ...(error === undefined ? {} : { error }),
      elapsedMs: Math.round(this.#elapsedMs()),
    };
    this.#terminal.stdout.write(`${JSON.stringify(summary)}\n`);
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }
}
