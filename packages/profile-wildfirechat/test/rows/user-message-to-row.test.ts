import type { UserMessageDocument } from "../../src/rows/gather.ts";
import { expect, test } from "vitest";
import { COMMUNITY_FACTS } from "../../src/target/community-facts.ts";
import { DEFAULT_FIELD_NAMES } from "../../src/documents/field-names.ts";
import { firstMessageId } from "../../src/documents/message-id.ts";
import type { MessageHead } from "../../src/documents/message-head.ts";
import { planTarget } from "../../src/rows/row-plan.ts";
import { UserMessageToRow } from "../../src/rows/user-message-to-row.ts";
import { ZoneClock } from "../../src/settings/zone-clock.ts";
import { factsWithout } from "../support/changed-facts.ts";
import type { ChatTargetFacts } from "../../src/target/target-facts.ts";

const sentMs = Date.UTC(2025, 7, 15, 4, 5, 6, 7);
const mid = firstMessageId(sentMs);
const entry: UserMessageDocument = {
  mid,
  uid: "admin",
  seq: mid + 5n,
  createTime: new Date(sentMs),
  type: 0n,
  line: 0n,
  target: "a|admin",
  directing: 0n,
  contentType: 1n,
  others: [],
};
const SHARD = 79;
const head: MessageHead = { type: 0n, line: 0n, target: "a|admin", contentType: 1n };

function mapperOf(facts: ChatTargetFacts, horizon?: bigint): UserMessageToRow {
  const planned = planTarget(facts, { isMerge: false });
  if ("refusals" in planned) throw new Error(JSON.stringify(planned.refusals[0]));
  const names = DEFAULT_FIELD_NAMES.userMessages;
  return new UserMessageToRow({
    plans: planned.plan.userMessages,
    names,
    sessionZone: new ZoneClock("UTC"),
    horizon,
  });
}

const community = mapperOf(COMMUNITY_FACTS);

test("a document with all its fields asks for no message", () => {
  expect(community.wantedMessage(entry)).toBe(undefined);
  expect(community.map(entry, SHARD)).toMatchObject({
    kind: "row",
    shard: SHARD,
    remarks: ["milliseconds-lost"],
  });
});

test("without _directing it is the row that it is with 0, and that is remarked", () => {
  const full = community.map(entry, SHARD);
  const filled = community.map({ ...entry, directing: undefined }, SHARD);
  expect("row" in filled && filled.row).toEqual("row" in full && full.row);
  expect(filled).toMatchObject({ remarks: expect.arrayContaining(["directing-filled"]) });
});

test.each(["type", "line", "target", "contentType"] as const)(
  "without %s it asks for its message",
  (field) => {
    const lacking = { ...entry, [field]: undefined };
    expect(community.wantedMessage(lacking)).toBe(mid);
    const taken = community.map(lacking, SHARD, head);
    expect(taken).toMatchObject({ kind: "row", remarks: ["taken-from-message", "milliseconds-lost"] });
    const full = community.map(entry, SHARD);
    expect("row" in taken && taken.row).toEqual("row" in full && full.row);
    expect(community.map(lacking, SHARD)).toMatchObject({
      reason: "message-missing",
      field: DEFAULT_FIELD_NAMES.userMessages[field],
    });
  },
);

test("what cannot become a row asks for no message", () => {
  const lacking = { ...entry, type: undefined };
  expect(community.wantedMessage({ ...lacking, mid: "1" })).toBe(undefined);
  expect(community.wantedMessage({ ...lacking, uid: null })).toBe(undefined);
  expect(mapperOf(COMMUNITY_FACTS, mid + 1n).wantedMessage(lacking)).toBe(undefined);
});

test("entries of messages that are too old are skipped with them", () => {
  expect(mapperOf(COMMUNITY_FACTS, mid + 1n).map(entry, SHARD)).toEqual({ kind: "skipped", by: "retention" });
});

test("an old target without late columns takes what the message says too, and refuses the rest", () => {
  const old = mapperOf(factsWithout("userMessages", "_line", "_type", "_target", "_directing", "_cont_type"));
  expect(old.wantedMessage(entry)).toBe(mid);
  expect(old.map(entry, SHARD, head)).toMatchObject({
    kind: "row",
    remarks: expect.arrayContaining(["column-lacking"]),
  });
  expect(old.map({ ...entry, line: 1n }, SHARD, head)).toMatchObject({
    reason: "column-missing",
    field: "_line",
  });
  expect(old.map({ ...entry, directing: 1n }, SHARD, head)).toMatchObject({ field: "_directing" });
  expect(old.map(entry, SHARD)).toMatchObject({ reason: "column-missing" });
  const recalled = { ...head, contentType: 80n };
  expect(old.map(entry, SHARD, recalled)).toMatchObject({ kind: "row" });
});

test("an old document needs no message where an old target lacks the same columns", () => {
  const old = mapperOf(factsWithout("userMessages", "_line", "_type", "_target", "_directing", "_cont_type"));
  const none = {
    type: undefined,
    line: undefined,
    target: undefined,
    directing: undefined,
    contentType: undefined,
  };
  const bare = { ...entry, ...none };
  expect(old.wantedMessage(bare)).toBe(undefined);
  expect(old.map(bare, SHARD)).toMatchObject({ kind: "row", remarks: ["milliseconds-lost"] });
});

test("an entry in another shard moves to its user's", () => {
  expect(community.map(entry, 3)).toMatchObject({ kind: "moved", shard: SHARD });
});
