import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Double, Long } from "bson";
import { MongoClient, type Db, type Document } from "mongodb";
import { createConnection, type Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatSite, fillHybridSite, siteZoneHours, type SiteDocument } from "../../fixtures/src/index.ts";
import { QUERY_SAMPLES, sameResults } from "./chat-queries.ts";
import type { LeftOut } from "./chat-store.ts";
import { mongodbStore } from "./mongodb-store.ts";
import { mysqlStore } from "./mysql-store.ts";
import { documentsOf, textOfDocument } from "./site-contents.ts";
import { ending, firebreak } from "../command-line.ts";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { JOURNEY_MESSAGES, profileFacts, remarkCount, writeSite } from "./journey.ts";

const options = { seed: 21, messageCount: JOURNEY_MESSAGES, jvmZone: "Asia/Shanghai" } as const;
const zoneHours = siteZoneHours[options.jvmZone];
const site = chatSite(options);
/** What a site of size S takes on a machine that others use too. */
const LONG_MS = 900_000;

const database = ownName("hybrid");
const returned = `${database}_back`;
const { isLacking, why } = lacking("mongodb", "mysql");

function* hybridDocuments(): Generator<SiteDocument> {
  yield* site.hybridMessages();
  yield* site.hybridUserMessages();
}

/** What tells a document apart, whatever its numbers' types and its ObjectId. */
function keyOf(document: Document): string {
  const id = document["_uid"] === undefined ? document["_id"] : document["_seq"];
  return JSON.stringify([document["_uid"] ?? "message", String(id)]);
}

/** Documents that are odd, and all that have the key of one. */
function oddKeys(): Set<string> {
  const odd = new Set<string>();
  const mids = new Map<string, string>();
  for (const { document, fate, oddity } of hybridDocuments()) {
    const key = keyOf(document);
    const mid = String(document["_mid"]);
    const isCarried = fate.kind === "carried" || (fate.kind === "skipped" && oddity === undefined);
    if (!isCarried || (mids.get(key) ?? mid) !== mid) odd.add(key);
    mids.set(key, mid);
  }
  return odd;
}

function leftOut(): LeftOut {
  const odd = oddKeys();
  const messages: bigint[] = [];
  const entries = new Map<string, unknown[]>();
  for (const { collection, document } of hybridDocuments()) {
    if (!odd.has(keyOf(document))) continue;
    const { _id: id, _uid: uid } = document as { readonly _id: unknown; readonly _uid?: unknown };
    if (collection.startsWith("t_messages_") && id instanceof Long) messages.push(id.toBigInt());
    else if (typeof uid === "string") entries.set(uid, [...(entries.get(uid) ?? []), document["_seq"]]);
  }
  return { messages, entries };
}

describe.skipIf(isLacking)(`a hybrid becomes pure MySQL, and a hybrid again${why}`, () => {
  let place: string;
  let client: MongoClient;
  let mysql: Connection;
  const archive = (): string => join(place, "archive");
  const back = (): string => join(place, "back");
  const before = (): Db => client.db(database);
  const after = (): Db => client.db(returned);

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "firebreak-hybrid-"));
    client = await MongoClient.connect(urlOf("mongodb"));
    await before().dropDatabase();
    mysql = await createConnection({ uri: await emptyDatabase("mysql", database), charset: "utf8mb4" });
    await fillHybridSite(mysql, before(), options);
    const mongodbUrl = urlOf("mongodb", database);
    const include = ["--include", `${database}.*`];
    expect(ending(await firebreak("export", { archive: archive(), mongodbUrl, args: include }))).toBe(
      "exit 0",
    );
  }, LONG_MS);
  afterAll(async () => {
    await client?.db(database).dropDatabase();
    await client?.db(returned).dropDatabase();
    await client?.close();
    await mysql?.end();
    await rm(place, { recursive: true, force: true });
    if (!isLacking) await dropDatabase("mysql", database);
  });

  test(
    "its documents go into the server's own tables, and the digests are equal",
    async () => {
      const mysqlUrl = urlOf("mysql", database);
      const facts = join(place, "facts.json");
      const looked = await firebreak("inspect", {
        archive: archive(),
        mysqlUrl,
        args: ["--target-facts", facts],
      });
      expect(ending(looked)).toBe("exit 0");
      const files = ["--site", await writeSite(place), "--target-facts", facts];
      const set = ["--profile-option", "sessionTimezone=UTC", "--profile-option", "retention=all"];
      const args = ["--profile", "wildfirechat", ...files, ...set];
      expect(ending(await firebreak("transform", { archive: archive(), args }))).toBe("exit 3");
      expect(ending(await firebreak("load", { archive: archive(), mysqlUrl }))).toBe("exit 3");
      expect(ending(await firebreak("checksum", { archive: archive(), mysqlUrl }))).toBe("exit 3");
    },
    LONG_MS,
  );

  test(
    `the server's own queries find the same before and after, over ${QUERY_SAMPLES} conversations and users`,
    async () => {
      const left = leftOut();
      await sameResults(
        options,
        mongodbStore(before(), zoneHours, left),
        mysqlStore(mysql, zoneHours, "plain", left),
        left,
      );
    },
    LONG_MS,
  );

  test(
    "back in MongoDB the documents are those that were, but for the losses that were counted",
    async () => {
      const mysqlUrl = urlOf("mysql", database);
      const include = ["t_messages_*", "t_user_messages_*"].flatMap((t) => ["--include", `${database}.${t}`]);
      const args = ["--source", "mysql", ...include];
      expect(ending(await firebreak("export", { archive: back(), mysqlUrl, args }))).toBe("exit 0");
      const to = ["--profile", "wildfirechat", "--to", "mongodb", "--site", await writeSite(place, returned)];
      expect(ending(await firebreak("transform", { archive: back(), args: to }))).toMatch(/^exit [03]$/);
      const mongodbUrl = urlOf("mongodb", returned);
      const load = { archive: back(), mongodbUrl, args: ["--to", "mongodb"] };
      expect(ending(await firebreak("load", load))).toMatch(/^exit [03]$/);
      const check = { archive: back(), mongodbUrl, args: ["--against", "mongodb"] };
      expect(ending(await firebreak("checksum", check))).toMatch(/^exit [03]$/);
      const there = await profileFacts(archive(), "mysql");
      const again = await profileFacts(back(), "mongodb");
      const odd = oddKeys();
      const found = new Map<string, Document>();
      for (const documents of (await documentsOf(after(), "t_")).values())
        for (const document of documents) found.set(keyOf(document), document);
      const losses = { to: 0, contentType: 0, late: 0, directing: 0, type: 0 };
      const unlike: unknown[] = [];
      for (const { document } of hybridDocuments()) {
        if (odd.has(keyOf(document))) continue;
        const now = found.get(keyOf(document));
        if (now === undefined) unlike.push([document, "missing"]);
        else if (document["_uid"] === undefined) {
          if ((document["_to"] ?? null) === null) losses.to++;
          if (document["_content_type"] === undefined) losses.contentType++;
        } else {
          if (document["_type"] === undefined) losses.late++;
          if (document["_directing"] === undefined) losses.directing++;
        }
        if (Object.values(document).some((value) => typeof value === "boolean" || value instanceof Double))
          losses.type++;
        if (now !== undefined && !isSameButForLosses(document, now)) unlike.push([document, now]);
      }
      expect(unlike.slice(0, 3)).toEqual([]);
      // Odd documents are filled in too.
      expect(remarkCount(there, "to-filled")).toBeGreaterThanOrEqual(losses.to);
      expect(remarkCount(there, "content-type-derived")).toBeGreaterThanOrEqual(losses.contentType);
      expect(remarkCount(there, "taken-from-message")).toBeGreaterThanOrEqual(losses.late);
      expect(remarkCount(there, "directing-filled")).toBeGreaterThanOrEqual(losses.directing);
      expect(remarkCount(there, "number-type-changed")).toBeGreaterThanOrEqual(losses.type);
      expect(losses.type).toBeGreaterThan(0);
      expect(remarkCount(there, "milliseconds-lost")).toBeGreaterThan(0);
      expect(remarkCount(again, "collapsed")).toBeGreaterThan(0);
    },
    LONG_MS,
  );
});

const DATES = ["_dt", "_createTime"];

/** Equal but for the ObjectId, what was filled in, the usual types of numbers, and a second of its dates. */
function isSameButForLosses(before: Document, after: Document): boolean {
  const expected: Document = {};
  for (const [field, now] of Object.entries(after)) {
    const was: unknown = before[field];
    const isObjectId = field === "_id" && before["_uid"] !== undefined;
    if (isObjectId || was === undefined || (field === "_to" && was === null)) expected[field] = now;
    else if (DATES.includes(field)) {
      const isNear = Math.abs((was as Date).getTime() - (now as Date).getTime()) <= 1000;
      expected[field] = isNear ? now : was;
    } else expected[field] = isNumber(was) && Number(was) === Number(now) ? now : was;
  }
  return (
    Object.keys(before).every((field) => field in after) && textOfDocument(expected) === textOfDocument(after)
  );
}

function isNumber(value: unknown): boolean {
  return (
    typeof value === "boolean" ||
    ["Int32", "Long", "Double"].includes((value as { _bsontype?: string } | null)?._bsontype ?? "")
  );
}
