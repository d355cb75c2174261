import type { Options } from "yargs";
import { LANGUAGE_CODES } from "./messages/codes.ts";

/** Flags as yargs returns them: only those that the person gave, without defaults. */
export type Flags = Readonly<Record<string, unknown>>;

/** A flag's type and the values that it takes. Its description is a text, and each language has its own. */
export type FlagKind = Omit<Options, "describe" | "desc" | "description">;

export type FlagKinds = Readonly<Record<string, FlagKind>>;

/** Flags that all commands have. */
export const SHARED_FLAGS = {
  archive: { type: "string" },
  jobs: { type: "number" },
  config: { type: "string" },
  json: { type: "boolean" },
  quiet: { type: "boolean" },
  yes: { type: "boolean" },
  lang: { choices: LANGUAGE_CODES, hidden: true },
} satisfies FlagKinds;

/** The part of a command that its settings depend on. */
export interface CommandFlags {
  readonly name: string;
  readonly flags: FlagKinds;
  /**
   * Flags whose name in a settings file or in the environment is another command's setting. That value is
   * ignored here.
   */
  readonly commandLineOnly?: readonly string[];
  /** True if --config names a file that the command writes. It is then not read. */
  readonly writesConfig?: boolean;
  /**
   * Missing if the command writes. If it only looks, the flags with which it writes all the same. A dry run that the
   * environment or a file asks for then changes nothing.
   */
  readonly writesWith?: readonly string[];
}

/** Values of settings that a person does not give. Help names them, too. */
export const DEFAULTS = { partMib: 64, giveUpAfterMinutes: 10, maxQuarantine: 1000, connections: 4 } as const;
