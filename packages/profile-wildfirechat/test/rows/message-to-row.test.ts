import type { MessageDocument } from "../../src/rows/gather.ts";
import { expect, test } from "vitest";
import { COMMUNITY_FACTS } from "../../src/target/community-facts.ts";
import { DEFAULT_FIELD_NAMES } from "../../src/documents/field-names.ts";
import { firstMessageId } from "../../src/documents/message-id.ts";
import { MessageToRow } from "../../src/rows/message-to-row.ts";
import type { RowOutcome } from "../../src/outcome.ts";
import type { PrivateForm } from "../../src/target/private-target.ts";
import { planTarget } from "../../src/rows/row-plan.ts";
import { ZoneClock } from "../../src/settings/zone-clock.ts";
import { changedFacts, factsWithout, ownColumn } from "../support/changed-facts.ts";
import { namedRow } from "../support/site-values.ts";
import type { ChatTargetFacts } from "../../src/target/target-facts.ts";

const sentMs = Date.UTC(2025, 7, 15, 4, 5, 6, 7);
const SHARD = 7;
const message: MessageDocument = {
  id: firstMessageId(sentMs),
  from: "b",
  type: 0n,
  target: "a|b",
  line: 0n,
  data: Uint8Array.of(0x08, 0x01),
  searchableKey: "hello",
  dt: new Date(sentMs),
  contentType: 1n,
  to: "",
  others: [],
};

interface Case {
  readonly facts?: ChatTargetFacts;
  readonly privateForm?: PrivateForm;
  readonly ignored?: string[];
  readonly horizon?: bigint;
}

function mapped(change: Partial<MessageDocument>, options: Case = {}): RowOutcome & { row?: unknown } {
  const planned = planTarget(options.facts ?? COMMUNITY_FACTS, { isMerge: false });
  if ("refusals" in planned) throw new Error(JSON.stringify(planned.refusals[0]));
  const plans = planned.plan.messages;
  const mapper = new MessageToRow({
    plans,
    names: { ...DEFAULT_FIELD_NAMES.messages, ignored: options.ignored ?? [] },
    jvmZone: new ZoneClock("UTC"),
    jdbcZone: new ZoneClock("GMT+8"),
    privateForm: options.privateForm ?? "plain",
    horizon: options.horizon,
  });
  const outcome = mapper.map({ ...message, ...change }, SHARD);
  return "row" in outcome
    ? { ...outcome, row: namedRow(plans[outcome.shard]!, outcome.row) as never }
    : outcome;
}

test("a document becomes a row of its month's table, dated in the JDBC url's zone", () => {
  expect(mapped({})).toEqual({
    kind: "row",
    shard: SHARD,
    row: {
      _mid: message.id,
      _from: "b",
      _type: 0n,
      _target: "a",
      _line: 0n,
      _data: message.data,
      _searchable_key: "hello",
      _dt: new Date(Date.UTC(2025, 7, 15, 12, 5, 6)),
      _content_type: 1n,
      _to: "",
    },
    remarks: ["body-plain", "milliseconds-lost"],
  });
});

test("a pair stays where the target's column has pairs", () => {
  expect(mapped({}, { privateForm: "pair" }).row).toMatchObject({ _target: "a|b" });
});

test("a pair that can be read in two ways is refused where one uid is wanted, and carried where a pair is", () => {
  const change = { from: "a||a", target: "a||a||a" };
  const refusal = { kind: "quarantine", reason: "private-target-ambiguous", field: "_target" };
  expect(mapped(change)).toEqual(refusal);
  expect(mapped(change, { privateForm: "pair" })).toMatchObject({ kind: "row" });
});

test.each(["plain", "pair"] as const)("a pair of others is refused (%s)", (privateForm) => {
  expect(mapped({ target: "x|y" }, { privateForm })).toMatchObject({ reason: "private-target-foreign" });
});

test("a group's target is no pair, whatever it looks like", () => {
  expect(mapped({ type: 1n, target: "x|y" }).row).toMatchObject({ _target: "x|y" });
});

test("the horizon's own id goes over, the one below is skipped", () => {
  const id = message.id as bigint;
  expect(mapped({}, { horizon: id })).toMatchObject({ kind: "row" });
  expect(mapped({}, { horizon: id + 1n })).toEqual({ kind: "skipped", by: "retention" });
});

test("a document in another month's collection moves", () => {
  const id = firstMessageId(Date.UTC(2025, 6, 31, 23, 59, 59, 999));
  expect(mapped({ id })).toMatchObject({ kind: "moved", shard: 6 });
});

test("a Boolean is no type: false would be a private chat whose pair nobody takes apart", () => {
  expect(mapped({ type: false })).toEqual({ kind: "quarantine", reason: "type-wrong", field: "_type" });
});

test("an id beyond 64 bits is refused", () => {
  expect(mapped({ id: 2n ** 63n })).toMatchObject({ reason: "integer-out-of-range", field: "_id" });
});

test.each([
  ["content type from the body", { contentType: undefined }, "content-type-derived"],
  ["content type beside another in the body", { contentType: 5n }, "content-type-differs"],
  ["a missing _to", { to: undefined }, "to-filled"],
  ["a null _to", { to: null }, "to-filled"],
  ["a missing date", { dt: undefined }, "dt-from-id"],
  ["an encrypted body", { data: Uint8Array.of(0xb5, 0xbc) }, "body-xor"],
  ["an empty body", { data: new Uint8Array() }, "body-empty"],
  ["a body of another kind", { data: Uint8Array.of(1) }, "body-other"],
] as const)("%s is remarked", (_, change, remark) => {
  expect(mapped(change)).toMatchObject({ kind: "row", remarks: expect.arrayContaining([remark]) });
});

test.each([
  ["a missing _to is '', which history asks for", { to: undefined }, { _to: "" }],
  ["a null _to is '' too", { to: null }, { _to: "" }],
  ["an empty _searchable_key is no NULL", { searchableKey: "" }, { _searchable_key: "" }],
  ["a missing _searchable_key is NULL", { searchableKey: undefined }, { _searchable_key: null }],
  [
    "a date far from the id's time stays",
    { dt: new Date(sentMs + 3_600_000) },
    { _dt: new Date(Date.UTC(2025, 7, 15, 13, 5, 6)) },
  ],
  ["a missing date is the id's", { dt: null }, { _dt: new Date(Date.UTC(2025, 7, 15, 12, 5, 6)) }],
])("%s", (_, change, row) => {
  expect(mapped(change).row).toMatchObject(row);
});

test("an old target without _content_type takes messages whose body says it, and refuses others", () => {
  const facts = factsWithout("messages", "_content_type");
  expect(mapped({}, { facts })).toMatchObject({
    kind: "row",
    remarks: expect.arrayContaining(["column-lacking"]),
  });
  const refusal = { kind: "quarantine", reason: "column-missing", field: "_content_type" };
  expect(mapped({ contentType: 5n }, { facts })).toEqual(refusal);
});

test("an old target without _to takes messages for all, and refuses those for one", () => {
  const facts = factsWithout("messages", "_to");
  expect(mapped({}, { facts })).toMatchObject({ kind: "row" });
  expect(mapped({ to: "a" }, { facts })).toMatchObject({ reason: "column-missing", field: "_to" });
});

test("an old target without _searchable_key refuses messages that have one", () => {
  const facts = factsWithout("messages", "_searchable_key");
  expect(mapped({ searchableKey: null }, { facts })).toMatchObject({ kind: "row" });
  expect(mapped({}, { facts })).toMatchObject({ reason: "column-missing", field: "_searchable_key" });
});

test("a field of the site's own goes to its column, is ignored by the mapping file, or is refused", () => {
  const others = [{ name: "_site", value: 7n }];
  const facts = changedFacts("messages", (columns) => [
    ...columns,
    ownColumn("_site", "int", { default: "1" }),
  ]);
  expect(mapped({ others }, { facts }).row).toMatchObject({ _site: 7n });
  expect(mapped({}, { facts }).row).toMatchObject({ _site: 1n });
  expect(mapped({ others }, { ignored: ["_site"] })).toMatchObject({
    remarks: expect.arrayContaining(["field-ignored"]),
  });
  expect(mapped({ others })).toEqual({ kind: "quarantine", reason: "field-without-column", field: "_site" });
});

test("a wider column takes a larger body", () => {
  const data = new Uint8Array(65_536).fill(1, 1);
  data[0] = 8;
  const facts = changedFacts("messages", (columns) =>
    columns.map((c) => (c.name === "_data" ? { ...c, type: "mediumblob", bytes: 16_777_215 } : c)),
  );
  expect(mapped({ data })).toMatchObject({ reason: "bytes-too-long", field: "_data" });
  expect(mapped({ data }, { facts })).toMatchObject({ kind: "row" });
});
