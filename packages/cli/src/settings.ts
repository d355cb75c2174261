import { availableParallelism } from "node:os";
import { access, constants } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  hasManifest,
  identityOfPassphrase,
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  readIdentities,
  type OwnReason,
  type DatabaseKind,
} from "@firebreak/archive";
import { cliFault, cliReason, type CliReasons } from "./cli-faults.ts";
import { DatabaseUrls } from "./database-urls.ts";
import type { Dialogue } from "./dialogue.ts";
import { environmentSettings } from "./environment.ts";
import { fileSettings } from "./file-settings.ts";
import type { CommandFlags, FlagKinds, Flags } from "./flags.ts";
import type { GivenSettings } from "./given-setting.ts";
import { refuseConflicts } from "./setting-conflicts.ts";

/** The flag that may be empty: a search for the empty text matches every line. */
const MAY_BE_EMPTY = "grep";

/** A run's settings. Flags override the environment, the environment the file, and the file the defaults. */
export class Settings {
  readonly #flags: Flags;
  readonly #given: GivenSettings;
  readonly #command: string;
  readonly #urls: DatabaseUrls;

  /**
   * @param known the settings that a file may have: the long flags of all commands.
   * @param dialogue asks the person for a password; undefined if there is no terminal.
   * @throws {FirebreakError} `usage` or `config-unreadable`
   */
  constructor(command: CommandFlags, flags: Flags, known: FlagKinds, dialogue?: Dialogue) {
    this.#command = command.name;
    // yargs returns undefined for a missing number, and an empty string for a missing text.
    for (const [name, value] of Object.entries(flags))
      if (value === undefined || (value === "" && name !== MAY_BE_EMPTY))
        throw this.usage(cliReason("flag-value-missing", { flag: name }));
    this.#flags = flags;
    const given = flagSettings(flags);
    const environment = environmentSettings(command);
    const config = (given.get("config") ?? environment.get("config"))?.value;
    const file: GivenSettings =
      typeof config === "string" && command.writesConfig !== true
        ? fileSettings(resolvePath(config), command, known)
        : new Map();
    const all = new Map([...file, ...environment, ...given]);
    refuseConflicts(command, all);
    if (command.flags["dry-run"] === undefined) all.delete("dry-run");
    this.#given = all;
    this.#urls = new DatabaseUrls([given, environment, file], command.name, dialogue, resolvePath);
  }

  get archive(): string {
    return resolvePath(this.text("archive") ?? "archive");
  }

  /** The folder for progress, and for files that cannot go into the archive. */
  get work(): string {
    const work = this.text("work");
    return work === undefined ? `${this.archive}.work` : resolvePath(work);
  }

  get jobs(): number {
    return this.whole("jobs") ?? availableParallelism();
  }

  /** The URL, for which the person may be asked for a password. */
  get mongodbUrl(): Promise<string> {
    return this.#urls.urlOf("mongodb");
  }

  get mysqlUrl(): Promise<string> {
    return this.#urls.urlOf("mysql");
  }

  /** The URLs that are set, for commands that work without one or choose by it. Asks for no password. */
  get urls(): Pick<DatabaseUrls, "has" | "fileOf" | "typed"> {
    return this.#urls;
  }

  /** @throws {FirebreakError} `usage` if the value is not a number above 0. */
  number(name: string): number | undefined {
    const value = this.#valueOf(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isFinite(number) || number <= 0) throw this.unfit(name, "positive");
    return number;
  }

  /** @throws {FirebreakError} `usage` if the value is not a whole number above 0. */
  whole(name: string): number | undefined {
    const number = this.number(name);
    if (number !== undefined && !Number.isInteger(number)) throw this.unfit(name, "whole");
    return number;
  }

  /** @throws {FirebreakError} `usage` if the value is not a whole number of 0 or more. */
  count(name: string): number | undefined {
    const value = this.#valueOf(name);
    if (value === undefined) return undefined;
    const count = Number(value);
    if (!Number.isSafeInteger(count) || count < 0) throw this.unfit(name, "count");
    return count;
  }

  /** Returns a path as an absolute one. A relative path starts at the person's working directory. */
  path(name: string): string | undefined {
    const path = this.text(name);
    return path === undefined ? undefined : resolvePath(path);
  }

  /** Makes a path that is part of another setting absolute. */
  resolved(path: string): string {
    return resolvePath(path);
  }

  /** Returns the person's identities, which open an encrypted archive, or undefined if none were given. */
  async identities(): Promise<string[] | undefined> {
    const identity = this.path("identity");
    if (identity !== undefined) return readIdentities(identity);
    const passphrase = this.path("passphrase-file");
    return passphrase === undefined
      ? undefined
      : [(await identityOfPassphrase(this.archive, passphrase, false)).identity];
  }

  list(name: string): string[] {
    const value = this.#valueOf(name) ?? [];
    return (Array.isArray(value) ? value : [value]).map(String);
  }

  /**
   * Refuses flags that the person gave and that have no effect in this case. Settings in a file or in the
   * environment are not refused, because they may be meant for other runs.
   *
   * @throws {FirebreakError} `usage` with the reason.
   */
  refuse(names: readonly string[], reasonFor: (flag: string) => OwnReason): void {
    const given = names.find((name) => (this.#flags[name] ?? false) !== false);
    if (given !== undefined) throw this.usage(reasonFor(given));
  }

  /** Returns the fault of a command line that this command does not take. */
  usage(reason: OwnReason): Error {
    return cliFault("usage", { reason, command: this.#command });
  }

  /** Returns the fault of a setting with a value of the right type that is out of its range. */
  unfit(name: string, takes: CliReasons["flag-takes"]["takes"]): Error {
    const origin = this.#given.get(name)?.origin ?? { from: "flag", name };
    return this.usage(cliReason("flag-takes", { origin, takes }));
  }

  isOn(name: string): boolean {
    return this.#valueOf(name) === true;
  }

  /** Returns one of a flag's choices. Other values were refused when the flags and the file were read. */
  choice<C extends string>(name: string, choices: readonly C[]): C | undefined {
    const value = this.text(name);
    return choices.find((c) => c === value);
  }

  textOrEmpty(name: string): string | undefined {
    return this.#valueOf(name) === "" ? "" : this.text(name);
  }

  /**
   * Returns the folder of transform's output for MySQL. It is in the archive, or in --work if the archive is
   * not writable.
   */
  async mysqlFolder(): Promise<string> {
    return this.#transformedFolder(MYSQL_FOLDER);
  }

  /** Returns the folder of transform's output for MongoDB, as `mysqlFolder` does. */
  async mongodbFolder(): Promise<string> {
    return this.#transformedFolder(MONGODB_FOLDER);
  }

  /** Returns both folders of transform's output. */
  async transformFolders(): Promise<{ readonly mysql: string; readonly mongodb: string }> {
    return { mysql: await this.mysqlFolder(), mongodb: await this.mongodbFolder() };
  }

  async isTransformed(kind: DatabaseKind): Promise<boolean> {
    return hasManifest(kind === "mysql" ? await this.mysqlFolder() : await this.mongodbFolder());
  }

  async #transformedFolder(name: string): Promise<string> {
    const inArchive = join(this.archive, name);
    const inWork = join(this.work, name);
    if (await hasManifest(inArchive)) return inArchive;
    if (await hasManifest(inWork)) return inWork;
    return (await isWritable(this.archive)) ? inArchive : inWork;
  }

  text(name: string): string | undefined {
    const value = this.#valueOf(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  #valueOf(name: string): unknown {
    return this.#given.get(name)?.value;
  }
}

function flagSettings(flags: Flags): GivenSettings {
  return new Map(
    Object.entries(flags).map(([name, value]) => [name, { value, origin: { from: "flag", name } }]),
  );
}

/** Resolves a path against the person's working directory. pnpm runs scripts from the workspace's root. */
function resolvePath(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
