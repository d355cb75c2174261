import { availableParallelism } from "node:os";
import { access, constants } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  hasManifest,
  identityOfPassphrase,
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  readIdentities,
} from "@firebreak/archive";
import type { Options } from "yargs";
import { cliFault } from "./cli-faults.ts";
import type { Command } from "./command.ts";
import { fileSettings } from "./file-settings.ts";

/** The text that is looked for; every line has the empty one. */
const MAY_BE_EMPTY = "grep";

/** Flags as yargs gives them: what the person said, no defaults. */
export type Flags = Readonly<Record<string, unknown>>;

/** Answers what a setting is: flags win over the environment, the environment over the file, the file over defaults. */
export class Settings {
  readonly #flags: Flags;
  readonly #file: Flags;
  readonly #command: string;

  /**
   * @param command the one that was named.
   * @param known the settings that a file may have: the long flags of all commands.
   * @throws {FirebreakError} `usage` or `config-unreadable`
   */
  constructor(command: Command, flags: Flags, known: Readonly<Record<string, Options>>) {
    this.#command = command.name;
    // Of a number that is not there yargs makes undefined, and of a text an empty one.
    for (const [name, value] of Object.entries(flags))
      if (value === undefined || (value === "" && name !== MAY_BE_EMPTY))
        throw cliFault("usage", { reason: `--${name} takes a value`, command: command.name });
    this.#flags = flags;
    const file = flags["config"];
    this.#file = typeof file === "string" ? fileSettings(resolvePath(file), command, flags, known) : {};
  }

  get archive(): string {
    return resolvePath(this.#text("archive", "FIREBREAK_ARCHIVE") ?? "archive");
  }

  /** Where progress and what the archive cannot take goes. */
  get work(): string {
    const work = this.#text("work", "FIREBREAK_WORK");
    return work === undefined ? `${this.archive}.work` : resolvePath(work);
  }

  get jobs(): number {
    const jobs = this.number("jobs") ?? availableParallelism();
    if (!Number.isInteger(jobs))
      throw cliFault("usage", { reason: "--jobs takes a whole number", command: this.#command });
    return jobs;
  }

  get mongodbUrl(): string {
    return this.#url("mongodb-url", "FIREBREAK_MONGODB_URL");
  }

  get mysqlUrl(): string {
    return this.#url("mysql-url", "FIREBREAK_MYSQL_URL");
  }

  /** For commands that can do without. */
  get mysqlUrlIfAny(): string | undefined {
    const hasUrl = this.#text("mysql-url", "FIREBREAK_MYSQL_URL") !== undefined;
    return hasUrl ? this.mysqlUrl : undefined;
  }

  get mongodbUrlIfAny(): string | undefined {
    const hasUrl = this.#text("mongodb-url", "FIREBREAK_MONGODB_URL") !== undefined;
    return hasUrl ? this.mongodbUrl : undefined;
  }

  /** @throws {FirebreakError} `usage` for what is not a number above 0. */
  number(name: string): number | undefined {
    const value = this.#flags[name] ?? this.#file[name];
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number) || number <= 0)
      throw cliFault("usage", { reason: `--${name} takes a number above 0`, command: this.#command });
    return number;
  }

  /** @throws {FirebreakError} `usage` for what is not a whole number of 0 or more. */
  count(name: string): number | undefined {
    const value = this.#flags[name] ?? this.#file[name];
    if (value === undefined) return undefined;
    const count = Number(value);
    if (!Number.isSafeInteger(count) || count < 0)
      throw cliFault("usage", {
        reason: `--${name} takes a whole number, 0 or more`,
        command: this.#command,
      });
    return count;
  }

  /** A path, relative to where the person stood. */
  path(name: string): string | undefined {
    const path = this.#text(name);
    return path === undefined ? undefined : resolvePath(path);
  }

  /** A path that stands inside another setting. */
  resolved(path: string): string {
    return resolvePath(path);
  }

  /** What the person has to open an encrypted archive with; undefined where nothing was given. */
  async identities(): Promise<string[] | undefined> {
    const identity = this.path("identity");
    if (identity !== undefined) return readIdentities(identity);
    const passphrase = this.path("passphrase-file");
    return passphrase === undefined
      ? undefined
      : [(await identityOfPassphrase(this.archive, passphrase, false)).identity];
  }

  list(name: string): string[] {
    const value = this.#flags[name] ?? this.#file[name] ?? [];
    return (Array.isArray(value) ? value : [value]).map(String);
  }

  /**
   * Refuses flags that the person gave and that do nothing in this case. In a file of settings they may be for
   * other runs.
   *
   * @throws {FirebreakError} `usage` with the reason, which goes on behind the flag's name.
   */
  refuse(names: readonly string[], reason: string): void {
    const given = names.find((name) => (this.#flags[name] ?? false) !== false);
    if (given !== undefined)
      throw cliFault("usage", { reason: `--${given} ${reason}`, command: this.#command });
  }

  isOn(name: string): boolean {
    return (this.#flags[name] ?? this.#file[name]) === true;
  }

  text(name: string): string | undefined {
    return this.#text(name);
  }

  /** One of a flag's choices: others were refused when the flags and the file were read. */
  choice<C extends string>(name: string, choices: readonly C[]): C | undefined {
    const value = this.#text(name);
    return choices.find((c) => c === value);
  }

  textOrEmpty(name: string): string | undefined {
    const value = this.#flags[name] ?? this.#file[name];
    return value === "" ? "" : this.#text(name);
  }

  /** The folder of what transform made for MySQL: in the archive, or in --work where the archive cannot be written. */
  async mysqlFolder(): Promise<string> {
    return this.#transformedFolder(MYSQL_FOLDER);
  }

  /** The same of what it made for MongoDB. */
  async mongodbFolder(): Promise<string> {
    return this.#transformedFolder(MONGODB_FOLDER);
  }

  async isTransformed(kind: "mysql" | "mongodb"): Promise<boolean> {
    return hasManifest(kind === "mysql" ? await this.mysqlFolder() : await this.mongodbFolder());
  }

  async #transformedFolder(name: string): Promise<string> {
    const inArchive = join(this.archive, name);
    const inWork = join(this.work, name);
    if (await hasManifest(inArchive)) return inArchive;
    if (await hasManifest(inWork)) return inWork;
    return (await isWritable(this.archive)) ? inArchive : inWork;
  }

  #text(name: string, variable?: string): string | undefined {
    // A variable that is empty is not set: `FIREBREAK_MYSQL_URL= pnpm load --config FILE`.
    const ofEnvironment = variable === undefined ? undefined : process.env[variable] || undefined;
    const value = this.#flags[name] ?? ofEnvironment ?? this.#file[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  #url(flag: string, variable: string): string {
    const given = this.#flags[flag];
    if (typeof given === "string" && /^[^:]+:\/\/[^/@]*:[^@]*@/.test(given))
      throw cliFault("password-in-flag", { flag, variable });
    const url = this.#text(flag, variable);
    if (url === undefined) throw cliFault("url-missing", { flag, variable });
    return url;
  }
}

/** Paths are relative to where the person stood; pnpm runs scripts from the workspace's root. */
function resolvePath(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
