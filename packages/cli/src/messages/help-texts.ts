import type { Command, SharedFlag } from "../command.ts";
import type { CommandTable } from "../command-list.ts";

/** The texts of `--help`. A command or a flag without a text does not compile. */
export interface HelpTexts {
  /** The locale of the words that the parser of arguments itself uses: in help, and about wrong arguments. */
  readonly locale: string;
  readonly usage: string;
  readonly nameCommand: string;
  readonly exitCodes: string;
  /** Descriptions of flags that several commands have. */
  readonly flags: Readonly<Record<Exclude<SharedFlag, "lang">, string>>;
  readonly commands: { readonly [C in keyof CommandTable]: CommandHelp<CommandTable[C]> };
}

/** The help of any command. */
export interface AnyHelp {
  readonly summary: string;
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Each was run. */
  readonly examples: readonly (readonly [command: string, what: string])[];
}

/** The help of one command. It may describe a shared flag in its own way. */
interface CommandHelp<C> extends AnyHelp {
  readonly flags: C extends Command<infer F>
    ? Readonly<Record<Exclude<F, SharedFlag>, string> & Partial<Record<F & SharedFlag, string>>>
    : never;
}
