import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { SMALL_BYTES, smallFile } from "../../src/files/small-file.ts";

test.each([
  [0, true],
  [1, true],
  [SMALL_BYTES - 1, true],
  [SMALL_BYTES, true],
  [SMALL_BYTES + 1, false],
])("a file of %i bytes is read at once: %s", async (bytes, isRead) => {
  await using place = await folder();
  const file = join(place.path, "file");
  const content = randomBytes(bytes);
  await writeFile(file, content);
  expect(smallFile(file, bytes)?.equals(content)).toBe(isRead ? true : undefined);
});

test("a file of another size, none, a folder and a pipe are left to others", async () => {
  await using place = await folder();
  const at = (name: string): string => join(place.path, name);
  await writeFile(at("file"), "four");
  await mkdir(at("folder"));
  await execa("mkfifo", [at("pipe")]);
  for (const [name, bytes] of [
    ["file", 3],
    ["file", 5],
    ["missing", 4],
    ["folder", 4],
    ["pipe", 0],
  ] as const)
    expect(smallFile(at(name), bytes), `${name} of ${bytes}`).toBeUndefined();
});
