import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  BLOCK_BYTES,
  END_BYTES,
  memberBytes,
  memberHead,
  paddingBytes,
} from "../../src/volume/tar-member.ts";
import { stock } from "@firebreak/testing/bundles/volumes";

test.each([0, 1, 511, 512, 513])("a content of %d bytes fills its last block", (bytes) => {
  expect((bytes + paddingBytes(bytes)) % BLOCK_BYTES).toBe(0);
  expect(paddingBytes(bytes)).toBeLessThan(BLOCK_BYTES);
  expect(memberBytes("a", bytes)).toBe(BLOCK_BYTES + bytes + paddingBytes(bytes));
});

const names: readonly (readonly [string, string, number])[] = [
  ["a short name", "a", 5],
  ["a name that fills its field", "n".repeat(99), 5],
  ["a name one letter longer", "n".repeat(100), 5],
  ["a name with room for its folders", `${"f".repeat(90)}/${"n".repeat(90)}`, 5],
  ["a name above all of that", `${"f".repeat(200)}/${"n".repeat(200)}`, 5],
  ["a name with letters of all the world", "群组/сообщения", 5],
  ["more bytes than eight digits of octal say", "large", 8 * 2 ** 30 + 5],
];
test.each(names)("%s is read back by stock tar, with its size", async (_, name, bytes) => {
  const file = join(tmpdir(), `firebreak-member-${process.pid}.tar`);
  const handle = await open(file, "w");
  try {
    const head = memberHead(name, bytes);
    await handle.write(head);
    // Holes for the content and the end: nothing is written for them.
    await handle.truncate(head.length + bytes + paddingBytes(bytes) + END_BYTES);
    const listed = await stock(".", "tar", "--quoting-style=literal", "--utc", "-tvf", file);
    expect(listed).toBe(`-rw-r--r-- 0/0 ${String(bytes).padStart(15)} 1980-01-01 00:00 ${name}`);
  } finally {
    await handle.close();
    await rm(file);
  }
});
