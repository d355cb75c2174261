import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { IndexWriter } from "../../src/line-index/index-writer.ts";
import { PartMarks } from "../../src/line-index/part-marks.ts";
import { smallLines } from "../../src/line-index/small-lines.ts";
import type { SurveyedLine } from "../../src/profile.ts";

const DEPENDENT: SurveyedLine = { reference: { key: 1n, for: "value" } };
const OTHER: SurveyedLine = { reference: { key: 1n, for: "presence" } };

/** Writes the index of lines of which the last ones depend on others, with a flush after every third line. */
async function copiesOf(path: string, lineCount: number, dependents: number): Promise<string[] | undefined> {
  const writer = new IndexWriter({ folder: path, name: "0", suffix: ".zst", recipients: [], lineCount });
  for (let i = 0; i < lineCount; i++) {
    writer.add(`line ${i}`, undefined, i < lineCount - dependents ? OTHER : DEPENDENT);
    if (i % 3 === 0) await writer.flush();
  }
  const { dependents: copies } = (await writer.seal())!;
  if (copies === undefined) return undefined;
  expect(copies.lineCount).toBe(dependents);
  const lines: string[] = [];
  for await (const line of smallLines(join(path, copies.file), copies, [])) lines.push(line);
  return lines;
}

test.each([
  [100, 1],
  [100, 24],
  [100, 25],
  [4, 1],
  [5000, 1250],
])("of %i lines the %i that depend on others are copied as they are", async (lineCount, dependents) => {
  await using place = await folder();
  const expected = Array.from({ length: dependents }, (_, i) => `line ${lineCount - dependents + i}`);
  expect(await copiesOf(place.path, lineCount, dependents)).toEqual(expected);
});

test.each([
  [100, 0],
  [100, 26],
  [100, 100],
  [3, 1],
  [5000, 1251],
])("of %i lines %i that depend on others leave no copies and no file", async (lineCount, dependents) => {
  await using place = await folder();
  expect(await copiesOf(place.path, lineCount, dependents)).toBeUndefined();
  expect((await readdir(place.path)).toSorted()).toEqual(["0-documents.zst", "0-keys.zst"]);
});

test.each([
  [4095, 4095, "0-dependents.zst.partial"],
  [4096, 2048, "0-dependents.zst.partial"],
  [4096, 2049, undefined],
])(
  "after %i lines of which %i depend on others copies are given up or not",
  async (lines, dependents, kept) => {
    await using place = await folder();
    const writer = new IndexWriter({
      folder: place.path,
      name: "0",
      suffix: ".zst",
      recipients: [],
      lineCount: 1e6,
    });
    for (let i = 0; i < lines; i++) writer.add("line", undefined, i < lines - dependents ? OTHER : DEPENDENT);
    await writer.flush();
    expect((await readdir(place.path)).find((name) => name.includes("dependents"))).toBe(kept);
    await writer.abandon();
    expect(await readdir(place.path)).toEqual([]);
  },
);

test("copies are marked as long as every marked line has one", () => {
  const marks = new PartMarks(10, 2);
  marks.set({ line: 3, copy: 1 }, 2);
  marks.set({ line: 9, copy: 2 }, 1);
  expect([...marks.copies!.all()]).toEqual([2, 1]);
  marks.set({ line: 4, copy: 0 }, 1);
  expect(marks.copies).toBeUndefined();
  marks.set({ line: 3, copy: 1 }, 1);
  expect(marks.copies).toBeUndefined();
  expect([...marks.lines.all()]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 1, 0]);
  expect(new PartMarks(10, 0).copies).toBeUndefined();
});
