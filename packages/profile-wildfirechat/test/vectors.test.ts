import { describe, expect, test } from "vitest";
import { contentOf } from "../src/documents/content.ts";
import { firstMessageId, ID_EPOCH_MS, messageTime } from "../src/documents/message-id.ts";
import { messageTableOf, javaStringHash, userShard } from "../src/target/server-tables.ts";
import { pairOf, receiversOf } from "../src/target/private-target.ts";
import { ZoneClock } from "../src/settings/zone-clock.ts";
import { vectors, why } from "./support/vectors.ts";

describe.skipIf(vectors === undefined)(`the vectors of the storage layout${why}`, () => {
  const shanghai = new ZoneClock("Asia/Shanghai");
  const utc = new ZoneClock("UTC");

  test("ids count from the vectors' epoch", () => {
    expect(String(ID_EPOCH_MS)).toBe(vectors!.epochMs);
  });

  test.each(vectors?.messageIds ?? [])("the id of $instant has its time and tables", (vector) => {
    const ms = Date.parse(vector.instant.replace(/\+08$/, "+08:00"));
    const id = BigInt(vector.id);
    expect(messageTime(id)).toBe(ms);
    expect(firstMessageId(ms) | (BigInt(vector.node) << 15n) | BigInt(vector.rotate)).toBe(id);
    expect(messageTableOf(id, shanghai)).toBe(vector.tableShanghai);
    expect(messageTableOf(id, utc)).toBe(vector.tableUtc);
  });

  test.each(vectors?.userTables ?? [])("the uid $uid has its hash and table", ({ uid, javaHash, table }) => {
    expect(javaStringHash(uid)).toBe(javaHash);
    expect(userShard(uid)).toBe(table);
  });

  test.each(vectors?.pairKeys ?? [])("%s and %s are the pair %s, in whatever order", (one, other, pair) => {
    expect(pairOf(one, other)).toBe(pair);
    expect(pairOf(other, one)).toBe(pair);
    expect(receiversOf(pair, one)).toEqual([other]);
    expect(receiversOf(pair, other)).toEqual([one]);
  });

  test.each(vectors?.content ?? [])("the body of $what says its type, plain and encrypted", (vector) => {
    const plain = Buffer.from(vector.plainHex, "hex");
    const type = BigInt(plain[1]!);
    expect(contentOf(plain)).toEqual({ form: "plain", type });
    const xor =
      vector.xorHex === undefined ? plain.map((byte) => byte ^ 0xbd) : Buffer.from(vector.xorHex, "hex");
    expect(contentOf(xor)).toEqual({ form: "xor", type });
  });
});
