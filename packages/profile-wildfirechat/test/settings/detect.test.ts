import { describe, expect, test } from "vitest";
import { chatSite, siteJdbcZone, siteSessionZone } from "../../../../fixtures/src/index.ts";
import { COMMUNITY_FACTS } from "../../src/target/community-facts.ts";
import {
  BodyCounter,
  CANDIDATE_ZONES,
  jdbcZoneCounter,
  jvmZoneCounter,
  privateFormCounter,
  privateFormVerdict,
  sessionZoneCounter,
} from "../../src/settings/detect.ts";
import { addEvidence, EvidenceCounter, isContradicted, verdictOf } from "../../src/settings/evidence.ts";
import { firstMessageId } from "../../src/documents/message-id.ts";
import { messageTableOf, serverTable } from "../../src/target/server-tables.ts";
import { tableFacts } from "../../src/target/target-facts.ts";
import { ZoneClock } from "../../src/settings/zone-clock.ts";
import { rowValues } from "../support/site-values.ts";

const zones = [...CANDIDATE_ZONES, "Europe/Berlin"];
const shardOf = (name: string): number => {
  const table = serverTable(name);
  return table.kind === "other" ? -1 : table.shard;
};

test.each(CANDIDATE_ZONES)(
  "a site whose JVM is in %s is found out from the tables of its rows",
  (jvmZone) => {
    const counter = jvmZoneCounter(zones);
    for (const { table, row } of chatSite({ seed: 1, messageCount: 5000, jvmZone }).mysqlMessages())
      counter.add({ id: row["_mid"] as bigint, shard: shardOf(table) });
    const verdict = verdictOf(counter.evidence());
    expect(verdict).toMatchObject({ kind: "decided", value: jvmZone });
    expect(verdict.evidence.sampleCount).toBeGreaterThan(5000);
    expect(isContradicted(jvmZone, verdict.evidence)).toBe(false);
    expect(isContradicted("Europe/Berlin", verdict.evidence)).toBe(true);
  },
);

test("the zones of both dates are found out from rows and ids", () => {
  const site = chatSite({ seed: 2, messageCount: 3000, jvmZone: "UTC" });
  const dated = (row: Parameters<typeof rowValues>[0]): { id: bigint; wallMs: number } => {
    const { _mid, _dt } = rowValues(row);
    return { id: _mid as bigint, wallMs: (_dt as Date).getTime() };
  };
  const jdbc = jdbcZoneCounter(zones);
  const session = sessionZoneCounter(zones);
  for (const { row } of site.mysqlMessages()) jdbc.add(dated(row));
  for (const { row } of site.mysqlUserMessages()) session.add(dated(row));
  expect(verdictOf(jdbc.evidence())).toMatchObject({ kind: "decided", value: siteJdbcZone });
  expect(verdictOf(session.evidence())).toMatchObject({ kind: "decided", value: siteSessionZone });
});

test.each(["plain", "pair"] as const)("private chats that are %s are found out from rows", (form) => {
  const counter = privateFormCounter();
  for (const { row } of chatSite({ seed: 3, messageCount: 2000, jvmZone: "UTC" }).mysqlMessages(form))
    if (row["_type"] === 0 && row["_from"] !== "someone else")
      counter.add({ from: row["_from"] as string, target: row["_target"] as string });
  expect(verdictOf(counter.evidence())).toMatchObject({ kind: "decided", value: form });
});

test("no sample, none that tells, and samples that tell too much otherwise are mixed", () => {
  const counter = new EvidenceCounter<number>(["even", "small"], (c, n) =>
    c === "even" ? n % 2 === 0 : n < 100,
  );
  expect(verdictOf(counter.evidence()).kind).toBe("mixed");
  counter.add(2);
  counter.add(101);
  expect(verdictOf(counter.evidence())).toMatchObject({ kind: "mixed", evidence: { tellingCount: 0 } });
  for (let i = 0; i < 99; i++) counter.add(102);
  expect(verdictOf(counter.evidence())).toMatchObject({ kind: "decided", value: "even" });
  counter.add(1);
  expect(verdictOf(counter.evidence())).toMatchObject({ kind: "decided", value: "even" });
  for (const odd of [3, 5, 7]) counter.add(odd);
  expect(verdictOf(counter.evidence()).kind).toBe("mixed");
  expect(counter.evidence()).toEqual({
    sampleCount: 105,
    candidates: [
      { candidate: "even", agreeCount: 100 },
      { candidate: "small", agreeCount: 5 },
    ],
    tellingCount: 103,
    telling: [
      { candidate: "even", agreeCount: 99 },
      { candidate: "small", agreeCount: 4 },
    ],
  });
});

test("counts of several parts add up to those of the whole", () => {
  const ids = Array.from({ length: 500 }, (_, i) => firstMessageId(Date.UTC(2024, 0, 1) + i * 3_600_000));
  const counters = [jvmZoneCounter(zones), jvmZoneCounter(zones), jvmZoneCounter(zones)] as const;
  ids.forEach((id, i) => {
    counters[i % 2]!.add({ id, shard: 24 });
    counters[2].add({ id, shard: 24 });
  });
  expect(addEvidence(counters[0].evidence(), counters[1].evidence())).toEqual(counters[2].evidence());
});

test("without rows a narrow column decides for plain targets, and a wide one for nothing", () => {
  const column = tableFacts(COMMUNITY_FACTS, "t_messages_0")!.columns.find(({ name }) => name === "_target")!;
  const none = { plain: 0, pair: 0 };
  expect(privateFormVerdict(none, column)).toEqual({ kind: "decided", value: "plain", by: "width" });
  expect(privateFormVerdict(none, { ...column, characters: 129 })).toEqual({ kind: "mixed" });
  expect(privateFormVerdict(none, undefined)).toEqual({ kind: "mixed" });
  expect(privateFormVerdict({ plain: 0, pair: 9 }, column)).toEqual({
    kind: "decided",
    value: "pair",
    by: "rows",
  });
  expect(privateFormVerdict({ plain: 5, pair: 5 }, column)).toEqual({ kind: "mixed" });
});

test("bodies are counted by their form; both forms in one site are a mix", () => {
  const counter = new BodyCounter();
  expect(counter.verdict()).toEqual({ kind: "mixed" });
  counter.add(Uint8Array.of(0xb5, 0xbc));
  counter.add(Uint8Array.of(1));
  expect(counter.verdict()).toEqual({ kind: "decided", value: "xor" });
  counter.add(Uint8Array.of(0x08, 0x01));
  counter.add(new Uint8Array());
  expect(counter.verdict()).toEqual({ kind: "mixed" });
  expect(counter.counts).toEqual({ plain: 1, xor: 1, empty: 1, other: 1 });
});

describe("a JVM's zone that is no candidate", () => {
  const counted = (zone: string): ReturnType<typeof verdictOf> => {
    const counter = jvmZoneCounter(CANDIDATE_ZONES);
    const clock = new ZoneClock(zone);
    for (let ms = Date.UTC(2025, 0, 1); ms < Date.UTC(2026, 0, 1); ms += 1_800_000) {
      const id = firstMessageId(ms);
      counter.add({ id, shard: messageTableOf(id, clock) });
    }
    return verdictOf(counter.evidence());
  };

  test.each(["Asia/Tokyo", "America/New_York", "Asia/Kolkata"])(
    "%s is not taken for the nearest one",
    (zone) => {
      expect(counted(zone).kind).toBe("mixed");
    },
  );

  test.each(CANDIDATE_ZONES)("%s is one", (zone) => {
    expect(counted(zone)).toMatchObject({ kind: "decided", value: zone });
  });
});
