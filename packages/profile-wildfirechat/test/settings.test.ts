import { expect, test } from "vitest";
import { COMMUNITY_FACTS } from "../src/target/community-facts.ts";
import { DEFAULT_FIELD_NAMES, readFieldNames } from "../src/documents/field-names.ts";
import { readProfileOptions } from "../src/settings/profile-options.ts";
import { readTargetFacts, tableFacts } from "../src/target/target-facts.ts";

test("a mapping file names only what differs", () => {
  const names = readFieldNames('{ "messages": { "dt": "createdAt", "ignored": ["__v"] } }');
  expect(names).toEqual({
    messages: { ...DEFAULT_FIELD_NAMES.messages, dt: "createdAt", ignored: ["__v"] },
    userMessages: DEFAULT_FIELD_NAMES.userMessages,
  });
});

test.each([
  ["no JSON", "{"],
  ["a field that there is not", '{ "messages": { "datum": "_dt" } }'],
  ["an empty name", '{ "messages": { "dt": "" } }'],
  ["one name for two fields", '{ "userMessages": { "uid": "_mid" } }'],
  ["a field that is used and ignored", '{ "messages": { "ignored": ["_to"] } }'],
])("a mapping file with %s is refused", (_, text) => {
  expect(() => readFieldNames(text)).toThrow(
    expect.objectContaining({
      code: "profile-file-invalid",
      exitCode: 2,
      fields: expect.objectContaining({ what: "field-names" }),
    }),
  );
});

test("facts are read as they were written, in a few KB", () => {
  const text = JSON.stringify(COMMUNITY_FACTS);
  expect(readTargetFacts(text)).toEqual(COMMUNITY_FACTS);
  expect(text.length).toBeLessThan(10_000);
  expect(tableFacts(COMMUNITY_FACTS, "t_user")).toBe(undefined);
});

test.each([
  ["no JSON", "{"],
  ["another format", JSON.stringify({ ...COMMUNITY_FACTS, format: "other" })],
  ["a later version", JSON.stringify({ ...COMMUNITY_FACTS, formatVersion: 2 })],
  [
    "a table of two shapes",
    JSON.stringify({ ...COMMUNITY_FACTS, shapes: [...COMMUNITY_FACTS.shapes, ...COMMUNITY_FACTS.shapes] }),
  ],
  ["an unknown fact", JSON.stringify({ ...COMMUNITY_FACTS, engine: "InnoDB" })],
])("a facts file with %s is refused", (_, text) => {
  expect(() => readTargetFacts(text)).toThrow(
    expect.objectContaining({
      code: "profile-file-invalid",
      fields: expect.objectContaining({ what: "target-facts" }),
    }),
  );
});

test("options are read, and what is not given is left to be detected", () => {
  expect(readProfileOptions([])).toEqual({
    fieldsFile: undefined,
    given: {},
    scheme: "hybrid",
    jvmZone: undefined,
    jdbcZone: undefined,
    sessionZone: undefined,
    privateForm: undefined,
    retention: "3y-1d",
  });
  const options = readProfileOptions([
    "zone=UTC",
    "zone=Asia/Shanghai",
    "serverTimezone=GMT+8",
    "sessionTimezone=+00:00",
    "privateTarget=pair",
    "retention=all",
  ]);
  expect(options).toMatchObject({ privateForm: "pair", retention: "all" });
  expect([options.jvmZone, options.jdbcZone, options.sessionZone].map((clock) => clock?.zone)).toEqual([
    "Asia/Shanghai",
    "GMT+8",
    "+00:00",
  ]);
  expect(readProfileOptions(["privateTarget=detect"]).privateForm).toBe(undefined);
});

test.each([
  "timezone=UTC",
  "zone",
  "zone=",
  "privateTarget=both",
  "retention=2y",
  "scheme=both",
  "sessionZone=UTC",
  "=UTC",
])("the option %j is refused", (option) => {
  expect(() => readProfileOptions([option])).toThrow(
    expect.objectContaining({ code: "profile-option-invalid", exitCode: 2 }),
  );
});
