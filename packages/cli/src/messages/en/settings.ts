import type { CliFaults } from "../../cli-faults.ts";
import { message, type FaultTexts, type Language } from "../language.ts";
import { initPrompts } from "./init.ts";
import { words } from "./reasons.ts";

const DATABASES = { mysql: "MySQL", mongodb: "MongoDB" } as const;

/** Faults of the command line, the environment and the settings file, in English. */
export const settingsFaults: Pick<
  FaultTexts<CliFaults>,
  | "usage"
  | "url-missing"
  | "password-in-flag"
  | "config-unreadable"
  | "file-unreadable"
  | "url-file-empty"
  | "password-unasked"
> = {
  usage: (f) =>
    message(
      `${words(f.reason)}.`,
      `See ${f.command === "init" ? "firebreak" : "pnpm"} ${f.command ?? "COMMAND"} --help${f.command === undefined ? `; COMMAND is one of ${f.commands?.join(", ")}` : ""}.`,
    ),
  "url-missing": (f) =>
    message(
      `No URL of the database is known.`,
      `Set ${f.variable} or ${f.variable}_FILE, or give --${f.flag} (without a password), or a file with --config.`,
    ),
  "password-in-flag": (f) =>
    message(
      `--${f.flag} has a password in it, and everybody on this machine can read command lines.`,
      `Put the URL into ${f.variable}, or into a file that ${f.variable}_FILE names.`,
    ),
  "config-unreadable": (f) =>
    message(
      f.line === undefined
        ? `${f.file} cannot be read: ${words(f.reason)}.`
        : `${f.file}, line ${f.line}: ${words(f.reason)}.`,
      "It is YAML with the long flags as keys, for example mysql-url: mysql://…",
    ),
  "file-unreadable": (f) =>
    message(`${f.file} cannot be read: ${f.reason}.`, "Look whether the path is right."),
  "url-file-empty": (f) =>
    message(
      `${f.file} has no URL in its first line.`,
      "Write the whole URL there, such as mysql://user:password@host:3306/database.",
    ),
  "password-unasked": (f) =>
    message(
      `The password in the URL of ${f.server} is ?, which asks for it, and there is no terminal to ask on.`,
      `Put the URL with its password into ${f.variable}, or into a file that ${f.variable}_FILE names.`,
    ),
};

/** The questions of commands to the person, in English. */
export const settingsPrompts: Language["prompts"] = {
  ...initPrompts,
  password: (f) => `Password of ${f.user || "the user"} at ${f.server} (${DATABASES[f.kind]}):`,
};
