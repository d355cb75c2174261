import { expect, test } from "vitest";
import { DEFAULT_FIELD_NAMES } from "../../src/documents/field-names.ts";
import { hybridIndexes } from "../../src/documents/hybrid-plan.ts";
import { serverTable } from "../../src/target/server-tables.ts";

test.each([
  ["t_messages_0", "messages", 0],
  ["t_messages_35", "messages", 35],
  ["t_user_messages_127", "userMessages", 127],
  ["t_group_messages_9", "groupMessages", 9],
] as const)("%s is a shard of %s", (name, kind, shard) => {
  expect(serverTable(name)).toEqual({ kind, shard });
});

test.each([
  "t_messages_36",
  "t_user_messages_128",
  "t_messages_01",
  "t_messages_",
  "t_messages_-1",
  "t_user",
  "moments",
])("%s is another table", (name) => {
  expect(serverTable(name)).toEqual({ kind: "other" });
});

test("the hybrid's indexes follow the names of a site's fields and its days of keeping", () => {
  const names = { ...DEFAULT_FIELD_NAMES, messages: { ...DEFAULT_FIELD_NAMES.messages, dt: "createdAt" } };
  const { messages, userMessages } = hybridIndexes(names, 1096);
  expect(messages).toEqual([
    {
      key: [
        ["_type", 1],
        ["_target", 1],
        ["_line", 1],
      ],
    },
    { key: [["createdAt", -1]], expireAfterSeconds: 94_694_400 },
    { key: [["_from", 1]] },
  ]);
  expect(userMessages).toEqual([
    {
      key: [
        ["_uid", 1],
        ["_seq", -1],
      ],
    },
    { key: [["_createTime", -1]], expireAfterSeconds: 94_694_400 },
  ]);
});
