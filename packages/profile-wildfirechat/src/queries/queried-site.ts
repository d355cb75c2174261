import type { GivenSettings } from "@firebreak/profile";
import type { ApplicationData } from "@firebreak/query-test";
import { DEFAULT_FIELD_NAMES, type FieldNames } from "../documents/field-names.ts";
import { firstMessageId } from "../documents/message-id.ts";
import { readKeptSettings } from "../settings/decisions.ts";
import { readProfileOptions } from "../settings/profile-options.ts";
import { readSite } from "../settings/site-settings.ts";
import { clockOf, type ZoneClock } from "../settings/zone-clock.ts";
import type { PrivateForm } from "../target/private-target.ts";
import { messageTable, serverTable, userMessageTable } from "../target/server-tables.ts";

/** A site as its server's queries see it, on both sides. */
export interface QueriedSite extends Pick<ApplicationData, "tableName"> {
  /** The hybrid's database in MongoDB. */
  readonly database: string;
  readonly names: FieldNames;
  /** The zones in which the server reads the tables. */
  readonly jvmZone: ZoneClock;
  readonly jdbcZone: ZoneClock;
  readonly sessionZone: ZoneClock;
  readonly privateForm: PrivateForm;
  /** The lowest id that was carried over. Undefined if all were. */
  readonly horizon: bigint | undefined;
  /** The columns of the message tables, and of the users' tables, that have values. */
  readonly messageColumns: ReadonlySet<string>;
  readonly userColumns: ReadonlySet<string>;
  /** The numbers of the collections that there are. */
  readonly messageShards: readonly number[];
  readonly userShards: readonly number[];
}

/** The settings that a person says the server has now. */
export type SaidSettings = Readonly<Partial<Record<"zone" | "serverTimezone" | "sessionTimezone", string>>>;

/**
 * Reads the settings that a person gave for the queries: options, and the site's own file of the JDBC url.
 *
 * @throws {FirebreakError} `profile-option-invalid`, `zone-unknown`, `site-empty`, `site-zones-differ`
 */
export async function saidSettings({ options, site }: GivenSettings): Promise<SaidSettings> {
  const { given } = readProfileOptions(options);
  const found = site && (await readSite(site, "serverTimezone" in given));
  const isNamed = found !== undefined && !found.defaults.includes("jdbcZone");
  return { ...(isNamed ? { serverTimezone: found.jdbcZone } : {}), ...given };
}

/**
 * Returns the site of an archive's data. The settings that a person gives override those that the rows were
 * made with: rows in a wrong zone then differ.
 */
export function queriedSite(data: ApplicationData, said: SaidSettings): QueriedSite {
  const { facts, tables, namespaces } = data;
  const decided = new Map(facts.decisions.map(({ setting, value }) => [setting, value]));
  const zone = (setting: keyof SaidSettings): ZoneClock =>
    clockOf(said[setting] ?? decided.get(setting) ?? "UTC");
  const columnsOf = (table: string): Set<string> =>
    new Set(tables.find((made) => made.table === table)?.columns.map(({ name }) => name));
  const own = tables.find(({ table }) => serverTable(table).kind === "messages");
  const database = own?.namespace.slice(0, -own.table.length - 1) ?? "";
  const shardsOf = (kind: "messages" | "userMessages"): number[] =>
    namespaces.flatMap((ns) => {
      const found = serverTable(ns.collection);
      return ns.database === database && found.kind === kind ? [found.shard] : [];
    });
  const since = /from (\S+)$/.exec(decided.get("retention") ?? "")?.[1];
  return {
    tableName: (table) => data.tableName(table),
    database,
    names: readKeptSettings(facts.settings)?.names ?? DEFAULT_FIELD_NAMES,
    jvmZone: zone("zone"),
    jdbcZone: zone("serverTimezone"),
    sessionZone: zone("sessionTimezone"),
    privateForm: decided.get("privateTarget") === "pair" ? "pair" : "plain",
    horizon: since === undefined ? undefined : firstMessageId(Date.parse(since)),
    messageColumns: columnsOf(messageTable(0)),
    userColumns: columnsOf(userMessageTable(0)),
    messageShards: shardsOf("messages"),
    userShards: shardsOf("userMessages"),
  };
}
