import { profileFault } from "../profile-faults.ts";
import { join } from "node:path";
import type { SiteFolder } from "@firebreak/profile";

/** The place of the messages according to a server's configuration. */
export type MessageStore = "mysql" | "hybrid" | "h2";

/** The settings in a site's own files. Passwords in them are not read. */
export interface SiteSettings {
  readonly store: MessageStore | undefined;
  /** The hybrid's database in MongoDB. */
  readonly mongodbDatabase: string;
  /** The number of days after which MongoDB removes messages. NaN if the file has no number there. */
  readonly expireDays: number;
  /** `serverTimezone` of the JDBC url: the zone of `t_messages._dt`. */
  readonly jdbcZone: string;
  /** Settings that are in no file and have the server's default. */
  readonly defaults: readonly ("mongodbDatabase" | "expireDays" | "jdbcZone")[];
}

const DEFAULTS = { mongodbDatabase: "wfchat", expireDays: 1096, jdbcZone: "GMT+8" } as const;

/**
 * Reads the settings in `wildfirechat.conf` as its server reads them: key and value are separated by blanks
 * and trimmed, the last of two equal keys counts, and `#` begins a comment only at the start of a line.
 */
export function readServerConfiguration(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    const match = line.startsWith("#") ? null : /^\s*(\S+)(?:\s+(.*?))?\s*$/.exec(line);
    if (match !== null) settings.set(match[1]!, match[2] ?? "");
  }
  return settings;
}

/**
 * Returns the `serverTimezone` of the MySQL urls in `c3p0-config.xml`. Undefined if no url has one. Text in
 * XML comments does not count.
 *
 * @throws {FirebreakError} `site-zones-differ` if urls name several.
 */
export function readJdbcZone(xml: string): string | undefined {
  const zones = new Set<string>();
  for (const [url] of xml.replace(/<!--[\s\S]*?-->/g, "").matchAll(/jdbc:(?:mysql|mariadb):[^<"']*/g)) {
    const value = /[?&;](?:serverTimezone|connectionTimeZone)=([^&\s]+)/i.exec(plainText(url))?.[1];
    if (value !== undefined) zones.add(percentDecoded(value));
  }
  if (zones.size > 1) throw profileFault("site-zones-differ", { zones: [...zones] });
  return [...zones][0];
}

/** Reads the settings of a site from its files. Either file may be missing. */
export function siteSettings(files: { configuration?: string; c3p0?: string }): SiteSettings {
  const settings = readServerConfiguration(files.configuration ?? "");
  const jdbcZone = files.c3p0 === undefined ? undefined : readJdbcZone(files.c3p0);
  const mongodbDatabase = settings.get("mongodb.database");
  const expireDays = settings.get("mongodb.data_expire_days") ?? "";
  const found = {
    mongodbDatabase: mongodbDatabase === "" ? undefined : mongodbDatabase,
    expireDays: expireDays === "" ? undefined : Number(expireDays),
    jdbcZone,
  };
  return {
    store: storeOf(settings),
    mongodbDatabase: found.mongodbDatabase ?? DEFAULTS.mongodbDatabase,
    expireDays: found.expireDays ?? DEFAULTS.expireDays,
    jdbcZone: found.jdbcZone ?? DEFAULTS.jdbcZone,
    defaults: (["mongodbDatabase", "expireDays", "jdbcZone"] as const).filter(
      (key) => found[key] === undefined,
    ),
  };
}

function storeOf(settings: ReadonlyMap<string, string>): MessageStore | undefined {
  const database = settings.get("embed.db");
  if (database === undefined) return undefined;
  if (database === "1") return "h2";
  if (database === "2") return "hybrid";
  // Sites spell the key in two ways.
  const isInMongodb =
    settings.get("db.save_messages_in_mongodb") ?? settings.get("db.save_message_in_mongodb") ?? "false";
  return isInMongodb.toLowerCase() === "true" ? "hybrid" : "mysql";
}

function plainText(xml: string): string {
  return xml.replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");
}

/** Keeps `+`, because people write `serverTimezone=GMT+8`. */
function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The folders of a chat server's installation that may have its settings files: the top one, or `config`. */
const FOLDERS = [".", "config"];

/**
 * Reads the settings files of a site.
 *
 * @param isZoneSaid true if a person gave the JDBC zone. c3p0-config.xml is then ignored, even if it has
 * several zones or an invalid one.
 * @throws {FirebreakError} `site-empty`, `file-unreadable`, or `site-zones-differ`.
 */
export async function readSite(site: SiteFolder, isZoneSaid: boolean): Promise<SiteSettings> {
  const configuration = await readAny(site, "wildfirechat.conf");
  const c3p0 = await readAny(site, "c3p0-config.xml");
  if (configuration === undefined && c3p0 === undefined)
    throw profileFault("site-empty", { folder: site.path });
  return siteSettings({
    ...(configuration === undefined ? {} : { configuration }),
    ...(c3p0 === undefined || isZoneSaid ? {} : { c3p0 }),
  });
}

async function readAny(site: SiteFolder, file: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const text = await site.read(join(folder, file));
    if (text !== undefined) return text;
  }
  return undefined;
}
