import type { MessageRow, UserMessageRow } from "../src/rows/gather.ts";
import { expect, test } from "vitest";
import { DEFAULT_FIELD_NAMES } from "../src/documents/field-names.ts";
import { firstMessageId } from "../src/documents/message-id.ts";
import { userDocumentId, RowToUserMessage } from "../src/documents/row-to-user-message.ts";
import type { DocumentOutcome } from "../src/outcome.ts";
import { RowToMessage, type RowToMessageSettings } from "../src/documents/row-to-message.ts";
import { ZoneClock } from "../src/settings/zone-clock.ts";

const sentMs = Date.UTC(2025, 7, 15, 4, 5, 6, 7);
const id = firstMessageId(sentMs);
const dt = new Date(Date.UTC(2025, 7, 15, 12, 5, 6));
const messageRow: MessageRow = {
  mid: id,
  from: "b",
  type: 0n,
  target: "a",
  line: 0n,
  data: Uint8Array.of(0x08, 0x01),
  searchableKey: null,
  dt,
  contentType: 1n,
  to: "",
  others: [],
};
const userRow: UserMessageRow = {
  mid: id,
  uid: "admin",
  seq: id + 5n,
  dt: new Date(Date.UTC(2025, 7, 15, 4, 5, 6)),
  line: 0n,
  type: 0n,
  target: "a|admin",
  directing: 0n,
  contentType: 1n,
  others: [],
};

function message(change: Partial<MessageRow>, settings: Partial<RowToMessageSettings> = {}): DocumentOutcome {
  const mapper = new RowToMessage({
    names: DEFAULT_FIELD_NAMES.messages,
    jvmZone: new ZoneClock("UTC"),
    jdbcZone: new ZoneClock("GMT+8"),
    privateForm: "plain",
    expiryMs: undefined,
    ...settings,
  });
  return mapper.map({ ...messageRow, ...change }, 7);
}

function entry(change: Partial<UserMessageRow>): DocumentOutcome {
  const names = DEFAULT_FIELD_NAMES.userMessages;
  const mapper = new RowToUserMessage({ names, sessionZone: new ZoneClock("UTC"), expiryMs: undefined });
  return mapper.map({ ...userRow, ...change }, 79);
}

function fieldOf(outcome: DocumentOutcome, name: string): unknown {
  return "fields" in outcome ? outcome.fields.find((field) => field.name === name) : outcome;
}

test("a private receiver becomes the pair, and the milliseconds come from the id", () => {
  expect(fieldOf(message({}), "_target")).toEqual({ name: "_target", kind: "string", value: "a|b" });
  expect(fieldOf(message({}), "_dt")).toEqual({ name: "_dt", kind: "date", value: new Date(sentMs) });
});

test("a pair of others is refused where the source has pairs", () => {
  const refusal = { kind: "quarantine", reason: "private-target-foreign", field: "_target" };
  expect(message({ target: "x|y" }, { privateForm: "pair" })).toEqual(refusal);
  expect(message({ target: "a|b" }, { privateForm: "pair" })).toMatchObject({ kind: "document" });
});

test("a column that the source lacks is a field that is missing, NULL is null", () => {
  expect(fieldOf(message({ searchableKey: undefined, to: undefined }), "_searchable_key")).toBe(undefined);
  expect(fieldOf(message({}), "_searchable_key")).toEqual({
    name: "_searchable_key",
    kind: "null",
    value: null,
  });
});

test("columns of the site's own become fields, but not under a name that is taken", () => {
  expect(fieldOf(message({ others: [{ name: "_site", value: 2n ** 40n }] }), "_site")).toEqual({
    name: "_site",
    kind: "int64",
    value: 2n ** 40n,
  });
  expect(message({ others: [{ name: "_id", value: 1n }] })).toEqual({
    kind: "quarantine",
    reason: "field-name-taken",
    field: "_id",
  });
  expect(message({ others: [{ name: "_site", value: { foreignKind: "other" } }] })).toMatchObject({
    reason: "type-wrong",
    field: "_site",
  });
});

test.each([
  ["_mid", { mid: null }, "null-refused"],
  ["_mid", { mid: undefined }, "field-missing"],
  ["_from", { from: null }, "null-refused"],
  ["_data", { data: undefined }, "field-missing"],
  ["_dt", { dt: "0000-00-00 00:00:00" }, "type-wrong"],
] as const)("a message row whose %s is %o is refused", (field, change, reason) => {
  expect(message(change)).toEqual({ kind: "quarantine", reason, field });
});

test("a date that the id is not near stays, and its milliseconds are counted as lost", () => {
  const later = message({ dt: new Date(dt.getTime() + 2000) });
  expect(fieldOf(later, "_dt")).toMatchObject({ value: new Date(Math.floor(sentMs / 1000) * 1000 + 2000) });
  expect(later).toMatchObject({ remarks: ["milliseconds-lost", "body-plain"] });
});

test("a document that the TTL index would remove is remarked", () => {
  expect(message({}, { expiryMs: sentMs + 1 })).toMatchObject({ remarks: ["beyond-expiry", "body-plain"] });
  expect(message({}, { expiryMs: sentMs })).toMatchObject({ remarks: ["body-plain"] });
});

test("a content type that is not the body's is carried and remarked", () => {
  expect(message({ contentType: 5n })).toMatchObject({ remarks: ["body-plain", "content-type-differs"] });
});

test("times that clocks show twice or never are remarked", () => {
  const jdbcZone = new ZoneClock("Europe/Berlin");
  const twice = message({ dt: new Date(Date.UTC(2024, 9, 27, 2, 30)) }, { jdbcZone });
  expect(twice).toMatchObject({ remarks: expect.arrayContaining(["dt-shown-twice"]) });
  const never = message({ dt: new Date(Date.UTC(2024, 2, 31, 2, 30)) }, { jdbcZone });
  expect(never).toMatchObject({ remarks: expect.arrayContaining(["dt-never-shown"]) });
});

test("a user's document has the same _id on every run", () => {
  expect(fieldOf(entry({}), "_id")).toEqual({
    name: "_id",
    kind: "objectId",
    value: userDocumentId("admin", id + 5n),
  });
  // printf 'admin\000588513846231072769' | sha256sum
  expect(userDocumentId("admin", 588_513_846_231_072_769n)).toBe("5f1cd0851712976857e05a1c");
});

test.each([
  ["_uid", { uid: null }, "null-refused"],
  ["_seq", { seq: null }, "null-refused"],
  ["_seq", { seq: undefined }, "field-missing"],
  ["_mid", { mid: null }, "null-refused"],
] as const)("a user's row whose %s is %o is refused", (field, change, reason) => {
  expect(entry(change)).toEqual({ kind: "quarantine", reason, field });
});

test("a NULL date of a user's row is the id's time", () => {
  expect(fieldOf(entry({ dt: null }), "_createTime")).toMatchObject({ value: new Date(sentMs) });
  expect(entry({ dt: null })).toMatchObject({ remarks: ["dt-from-id"] });
});

test("rows in the wrong table move to the right collection", () => {
  expect(message({ mid: firstMessageId(Date.UTC(2025, 6, 1)) })).toMatchObject({ kind: "moved", shard: 6 });
  expect(entry({ uid: "a" })).toMatchObject({ kind: "moved", shard: 97 });
});
