import { readFileSync } from "node:fs";
import { wordsOf, type DatabaseKind } from "@firebreak/archive";
import { cliFault, cliReason } from "./cli-faults.ts";
import type { Dialogue } from "./dialogue.ts";
import { variableOf } from "./environment.ts";
import type { GivenSetting, GivenSettings } from "./given-setting.ts";

/** Matches a URL whose password is `?`: scheme, user, and the hosts with all that follows. */
const ASKS = /^([a-z+]+:\/\/)([^/?#@:]*):\?@(([^/?#]*).*)$/is;

/** Matches a URL with a password, also one whose slashes are wrong. */
const HAS_PASSWORD = /^[^:]+:\/*[^/@]*:[^@]*@/;

/** Matches options of a MongoDB URL that are secrets. */
const HAS_SECRET_OPTION = /[?&][^=&]*password[^=&]*=|AWS_SESSION_TOKEN/i;

/** Returns true if a URL has a password or another secret in it. */
export function hasSecret(url: string): boolean {
  return HAS_SECRET_OPTION.test(url) || (!ASKS.test(url) && HAS_PASSWORD.test(url));
}

/** Matches a URL that a server was reached with: scheme, login, hosts, path and options. */
const PARTS = /^([^:]+:\/\/)([^/@]*@)?([^/@?]*)(\/[^?]*)?(?:\?(.*))?$/s;

/**
 * Returns a URL that asks for its password if it had one, and has no option that is a secret. Returns an empty text for
 * one that is malformed, since nobody knows where its password ends.
 */
export function withoutSecret(url: string): string {
  const [, scheme = "", login = "", hosts = "", path = "", query = ""] = PARTS.exec(url) ?? [];
  const options = query.split("&").filter((option) => option !== "" && !HAS_SECRET_OPTION.test(`?${option}`));
  const asking = login.replace(/:.*@$/s, ":?@");
  return `${scheme}${asking}${hosts}${path}${options.length === 0 ? "" : `?${options.join("&")}`}`;
}

/** Returns true if a URL asks for its password. */
export function asksPassword(url: string): boolean {
  return ASKS.test(url);
}

/** Returns a URL that has a user and no password with this password. */
export function withPassword(url: string, password: string): string {
  return url.replace(/^([^:]+:\/\/[^/?#@:]*)(?::\?)?@/, (_, before: string) =>
    password === "" ? `${before}@` : `${before}:${encodeURIComponent(password)}@`,
  );
}

/** The flags, the environment and the file, the one that wins first. */
export type Layers = readonly GivenSettings[];

/** The URLs of the databases. Each is read, and its password asked for, only when a command needs it. */
export class DatabaseUrls {
  readonly #layers: Layers;
  readonly #command: string;
  readonly #dialogue: Dialogue | undefined;
  readonly #asked = new Map<DatabaseKind, Promise<string>>();
  readonly #resolved: (path: string) => string;

  constructor(
    layers: Layers,
    command: string,
    dialogue: Dialogue | undefined,
    resolved: (path: string) => string,
  ) {
    this.#layers = layers;
    this.#command = command;
    this.#dialogue = dialogue;
    this.#resolved = resolved;
  }

  /**
   * Returns true if a URL is set, or a file that has it.
   *
   * @throws {FirebreakError} `password-in-flag`, or `usage` if one place has the URL and a file for it.
   */
  has(kind: DatabaseKind): boolean {
    return this.#given(kind) !== undefined;
  }

  /**
   * Returns the path of the file that has the URL, or undefined if the URL is not in such a file.
   *
   * @throws {FirebreakError} as `has` does.
   */
  fileOf(kind: DatabaseKind): string | undefined {
    const given = this.#given(kind);
    return given?.isFile === true ? this.#resolved(given.text) : undefined;
  }

  /**
   * Returns the URL as the person gave it, or undefined if it is not set or in a file.
   *
   * @throws {FirebreakError} as `has` does.
   */
  typed(kind: DatabaseKind): string | undefined {
    const given = this.#given(kind);
    return given?.isFile === false ? given.text : undefined;
  }

  /**
   * Returns the URL, with the password that the person typed if the URL asks for one.
   *
   * @throws {FirebreakError} `url-missing`, `file-unreadable`, `url-file-empty`, `password-unasked`, or as
   * `has` does.
   */
  async urlOf(kind: DatabaseKind): Promise<string> {
    const given = this.#given(kind);
    const flag = `${kind}-url`;
    const variable = variableOf(flag);
    if (given === undefined) throw cliFault("url-missing", { flag, variable });
    const url = given.isFile ? readUrl(this.#resolved(given.text)) : given.text;
    const [, , user = "", , server = ""] = ASKS.exec(url) ?? [];
    if (server === "") return url;
    const dialogue = this.#dialogue;
    if (dialogue === undefined) throw cliFault("password-unasked", { server, variable });
    const asked =
      this.#asked.get(kind) ?? dialogue.secret("password", { kind, user: userName(user), server });
    this.#asked.set(kind, asked);
    return withPassword(url, await asked);
  }

  #given(kind: DatabaseKind): { readonly text: string; readonly isFile: boolean } | undefined {
    const flag = `${kind}-url`;
    for (const layer of this.#layers) {
      const [url, file] = [textIn(layer, flag), textIn(layer, `${flag}-file`)];
      if (url?.origin.from === "flag" && hasSecret(url.value))
        throw cliFault("password-in-flag", { flag, variable: variableOf(flag) });
      if (url !== undefined && file !== undefined)
        throw cliFault("usage", {
          reason: cliReason("settings-exclusive", { one: url.origin, other: file.origin }),
          command: this.#command,
        });
      const given = url ?? file;
      if (given !== undefined) return { text: given.value, isFile: url === undefined };
    }
    return undefined;
  }
}

function textIn(layer: GivenSettings, name: string): (GivenSetting & { readonly value: string }) | undefined {
  const given = layer.get(name);
  const value = given?.value;
  return given === undefined || typeof value !== "string" || value === "" ? undefined : { ...given, value };
}

function readUrl(file: string): string {
  const url = firstLine(file);
  if (url === "") throw cliFault("url-file-empty", { file });
  return url;
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n", 1)[0]!.trim();
  } catch (error) {
    throw cliFault("file-unreadable", { file, reason: wordsOf(error) }, error);
  }
}

/** Returns a user's name as the person knows it. A malformed one stays as it is, for the driver to refuse. */
function userName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
