import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calculateObjectSize, Double, Int32, Long, type Document } from "bson";
import { expect, test } from "vitest";
import {
  chatSite,
  fillCollection,
  fillServer,
  siteNowMs,
  type ChatSiteOptions,
  type SiteDocument,
} from "../../../../fixtures/src/index.ts";
import { monthTable, wallText } from "../../../../fixtures/src/chat-site/site-calendar.ts";
import { userTable } from "../../../../fixtures/src/chat-site/user-shards.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak } from "@firebreak/testing/command-line/firebreak";
import { lacking, mongodbDatabase, ownName, sqlDatabase, urlOf } from "@firebreak/testing/servers/databases";
import { planned } from "./planned.ts";

const SITE: ChatSiteOptions = { seed: 5, messageCount: 2500, jvmZone: "Asia/Shanghai" };
const ZONE_HOURS = 8;
const EPOCH_MS = 1_514_736_000_000;
const QUARTER_MS = 900_000;
const RECENT_DAYS = 28;
const DAY_MS = 86_400_000;

/** The documents for a table, as the generator planted them. */
interface Planted {
  documents: number;
  bytes: number;
  recent: number;
}

/** Returns the time in a message's id. Undefined if the id is no integer. */
function sentMs({ _id: id }: Document): number | undefined {
  if (id instanceof Long) return Number(id.toBigInt() >> 21n) + EPOCH_MS;
  if (id instanceof Int32) return Number(BigInt(id.valueOf()) >> 21n) + EPOCH_MS;
  if (id instanceof Double && Number.isSafeInteger(id.valueOf()))
    return Number(BigInt(id.valueOf()) >> 21n) + EPOCH_MS;
  return undefined;
}

function addTo(map: Map<string, Planted>, key: string, document: Document, isRecent: boolean): void {
  const { documents, bytes, recent } = map.get(key) ?? { documents: 0, bytes: 0, recent: 0 };
  map.set(key, {
    documents: documents + 1,
    bytes: bytes + calculateObjectSize(document),
    recent: recent + (isRecent ? 1 : 0),
  });
}

/** One in so many of the users' collections is planted: a plan takes a while for each. */
const USER_TABLES_APART = 8;

/** The generated documents of a site, without those that are older than the target's tables keep. */
function plantedSite() {
  const site = chatSite(SITE);
  const isKept = ({ fate }: SiteDocument): boolean => fate.kind !== "skipped";
  const messages = [...site.hybridMessages()].filter(isKept);
  const users = [...site.hybridUserMessages()].filter(
    (one) => isKept(one) && Number(/\d+$/.exec(one.collection)![0]) % USER_TABLES_APART === 0,
  );
  const newestMs = messages.reduce((most, { document }) => Math.max(most, sentMs(document) ?? 0), 0);
  const untilMs = (Math.floor(newestMs / QUARTER_MS) + 1) * QUARTER_MS;
  const isRecent = (ms: number): boolean => ms >= untilMs - RECENT_DAYS * DAY_MS && ms < untilMs;
  const tables = new Map<string, Planted>();
  const hours = Array.from({ length: 24 }, () => 0);
  let recent = 0;
  for (const { document } of messages) {
    const ms = sentMs(document);
    if (ms === undefined) addTo(tables, "none", document, false);
    else {
      const wall = wallText(ms, ZONE_HOURS);
      if (isRecent(ms)) recent++;
      if (isRecent(ms)) hours[Number(wall.slice(11, 13))]!++;
      addTo(tables, `t_messages_${monthTable(ms, ZONE_HOURS)} ${wall.slice(0, 7)}`, document, isRecent(ms));
    }
  }
  for (const { document } of users) {
    const { _uid: uid, _createTime: created } = document;
    const isNew = created instanceof Date && isRecent(created.getTime());
    if (isNew) recent++;
    if (typeof uid !== "string") addTo(tables, "none", document, false);
    else addTo(tables, `t_user_messages_${userTable(uid)} `, document, isNew);
  }
  const reasons = [...messages, ...users].flatMap(({ collection, fate }) =>
    fate.kind === "quarantine" ? [`${collection} ${fate.reason} ${fate.field}`] : [],
  );
  return { all: [...messages, ...users], tables, hours, recent, reasons, untilMs };
}

const sorted = <T>(values: Iterable<T>): T[] =>
  [...values].toSorted((a, b) => (String(a) < String(b) ? -1 : 1));

const { isLacking, why } = lacking("mongodb", "mysql");
test.skipIf(isLacking)(
  `the plan of a chat site has the volumes, months, hours and quarantine that were planted${why}`,
  async () => {
    const planted = plantedSite();
    expect(planted.untilMs).toBeLessThanOrEqual(siteNowMs);
    await using place = await folder();
    await using mongodb = await mongodbDatabase(ownName("plan_site"));
    const byCollection = Map.groupBy(planted.all, ({ collection }) => collection);
    for (const [name, documents] of byCollection)
      await fillCollection(
        mongodb.db.collection(name),
        documents.map(({ document }) => document),
      );
    await mongodb.db.collection("moments_feed").insertOne({ text: "a" });
    await using target = await sqlDatabase("mysql", ownName("plan_site"));
    await fillServer(target.connection, SITE);
    await target.connection.query("ALTER TABLE t_messages_7 DROP INDEX message_id");
    await target.connection.query(
      "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success) VALUES (900, '55', 'x', 'SQL', 'x', 'x', 1, 1)",
    );
    const site = join(place.path, "site");
    await mkdir(site);
    await writeFile(
      join(site, "wildfirechat.conf"),
      `embed.db 0\ndb.save_messages_in_mongodb false\nmongodb.database ${mongodb.db.databaseName}\n`,
    );
    const facts = join(place.path, "facts.json");
    const urls = { mongodbUrl: urlOf("mongodb"), mysqlUrl: target.url };
    const looked = await firebreak(["inspect", "--target-facts", facts], urls);
    expect(looked.exitCode, looked.output).toBe(0);
    const options = ["zone=Asia/Shanghai", "sessionTimezone=UTC", "retention=all"];
    const how = [
      "--archive",
      join(place.path, "archive"),
      "--include",
      `${mongodb.db.databaseName}.*`,
      "--profile",
      "wildfirechat",
      "--site",
      site,
      "--target-facts",
      facts,
      ...options.flatMap((option) => ["--profile-option", option]),
    ];
    await mongodb.db.command({ profile: 2 });
    const ended = await firebreak(["plan", "--json", "--survey", "all", ...how], urls);
    await mongodb.db.command({ profile: 0 });
    expect(ended.exitCode, ended.output).toBe(0);
    const record = planned(ended);

    const days = RECENT_DAYS;
    expect(record.site).toMatchObject({
      zone: "Asia/Shanghai",
      growth: { until: new Date(planted.untilMs).toISOString(), days },
      uncounted: [],
    });
    const { tables, unplaced } = record.site!;
    const found = tables.map(({ table, month = "", documents, bytes, documentsPerDay = 0 }) => [
      `${table} ${month}`,
      { documents, bytes, recent: Math.round(documentsPerDay * days) },
    ]);
    expect(sorted([...found, ["none", { ...unplaced, recent: 0 }]])).toEqual(sorted(planted.tables));

    const newest = record.volumes.filter(({ itemsPerDay = 0 }) => itemsPerDay > 0);
    const recent = newest.reduce((sum, { itemsPerDay }) => sum + Math.round(itemsPerDay! * days), 0);
    expect(recent).toBe(planted.recent);

    const { hours } = record;
    expect(hours).toMatchObject({ zone: "Asia/Shanghai", days, documents: planted.hours });
    const inThree = (first: number): number =>
      [0, 1, 2].reduce((sum, i) => sum + planted.hours[(first + i) % 24]!, 0);
    const least = Math.min(...planted.hours.map((_, first) => inThree(first)));
    expect(inThree(hours!.quietest[0]!)).toBe(least);

    const { survey } = record;
    expect(survey!.documents).toBe(planted.all.length + 1);
    const counted = survey!.reasons.flatMap(({ namespace, reason, field, documents }) => {
      const collection = namespace.slice(mongodb.db.databaseName.length + 1);
      return Array.from({ length: documents }, () => `${collection} ${reason} ${field}`);
    });
    expect(sorted(counted)).toEqual(sorted(planted.reasons));
    expect(survey!.quarantined).toBe(planted.reasons.length);
    const told = record.findings.flatMap((one) => (one.code === "quarantined" ? [one.fields.documents] : []));
    expect(told.reduce((sum, documents) => sum + documents, 0)).toBe(planted.reasons.length);

    const ofSite = record.findings.filter(({ code }) => code === "application").map(({ fields }) => fields);
    expect(ofSite).toEqual([
      { what: "store-elsewhere", store: "mysql" },
      { what: "migration-newer", found: "55", known: 54 },
      { what: "mid-repeats", tables: ["t_messages_7"] },
      { what: "collections-stay", collections: ["moments_feed"] },
    ]);

    const writes = { op: { $in: ["insert", "update", "remove"] } };
    expect(await mongodb.db.collection("system.profile").countDocuments({})).toBeGreaterThan(0);
    expect(await mongodb.db.collection("system.profile").countDocuments(writes)).toBe(0);
    expect(await target.value("SELECT COUNT(*) FROM t_messages_0")).toBe("0");
    expect(eventsOf(ended).at(-1)).toMatchObject({ findings: record.findings });

    for (const text of [
      "t_user_messages_* (",
      "2026-10",
      "Months are those of the zone Asia/Shanghai",
      "Quietest hours (Asia/Shanghai)",
      "no unique key on _mid",
      "moments_feed",
      "to quarantine.",
    ])
      expect(ended.stderr).toContain(text);
  },
);
