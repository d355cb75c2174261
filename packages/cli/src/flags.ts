import type { Options } from "yargs";

/** Flags as yargs returns them: only those that the person gave, without defaults. */
export type Flags = Readonly<Record<string, unknown>>;

/** A flag's type and the values that it takes. Its description is a text, and each language has its own. */
export type FlagKind = Omit<Options, "describe" | "desc" | "description">;

export type FlagKinds = Readonly<Record<string, FlagKind>>;

/** The part of a command that its settings depend on. */
export interface CommandFlags {
  readonly name: string;
  readonly flags: FlagKinds;
  /** Flags whose name in a settings file is another command's setting. The file's value is ignored here. */
  readonly commandLineOnly?: readonly string[];
}

/** Values of settings that a person does not give. Help names them, too. */
export const DEFAULTS = { partMib: 64, giveUpAfterMinutes: 10, maxQuarantine: 1000 } as const;
