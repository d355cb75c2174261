import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { INDEX_FOLDER, PartWriter, type LineIndex, type PartEntry } from "@firebreak/archive";
import type { ChainListing } from "@firebreak/items";
import { folder } from "@firebreak/testing/archives/folder";
import { MARK } from "../../src/affected/marked-part.ts";
import { writeSuperseded } from "../../src/affected/changed-index.ts";
import { LineMarks } from "../../src/line-index/line-marks.ts";
import { openIndex, type OpenIndex } from "../../src/line-index/open-index.ts";

const part = (file: string, lineCount: number): PartEntry => ({
  file,
  lineCount,
  bytes: 1,
  plainBytes: 1,
  sha256: "0".repeat(64),
  plainSha256: "0".repeat(64),
});

function open(
  folder: string,
  parts: readonly PartEntry[],
  indexed: readonly string[],
  superseded: readonly PartEntry[] = [],
): Promise<OpenIndex | undefined> {
  const files = { documents: part("d", 1), keys: part("k", 1) };
  const index: LineIndex = {
    from: 0,
    parts: indexed.map((name) => ({ link: 0, namespace: "chat.m", part: name, ...files })),
    superseded: [...superseded],
    surveys: {},
  };
  const entry = { namespace: "chat.m", parts } as unknown as ChainListing["entry"];
  return openIndex([{ folder, index }], [[{ folder, entry }]], () => 0, []);
}

test("an index that lacks a part is not opened, and a part without lines needs none", async () => {
  expect(await open("x", [part("a", 1), part("b", 1)], ["a"])).toBeUndefined();
  const opened = await open("x", [part("a", 1), part("b", 0)], ["a"]);
  expect(opened?.parts.map((p) => p.part.file)).toEqual(["a"]);
});

test.each([1, 9_999, 10_000, 10_001, 20_001])("%i superseded lines come back", async (count) => {
  await using place = await folder();
  const marks = new LineMarks(30_000);
  for (let i = 0; i < count; i++) marks.set(30_000 - i, MARK.gone);
  marks.set(1, MARK.kept);
  const list = await writeSuperseded(place.path, 1, [{ link: 0, file: "a", marks }], { recipients: [] });
  expect(list?.lineCount).toBe(Math.ceil(count / 10_000));
  const opened = await open(place.path, [part("a", 30_000)], ["a"], [list!]);
  expect(opened?.parts[0]?.superseded.lines(1)).toEqual(marks.lines(MARK.gone));
});

test.each(["garbage", "{}", '{"link":0,"part":"a","lines":["1"]}'])(
  "a list of superseded lines that is not one is refused by its name and line: %s",
  async (text) => {
    await using place = await folder();
    await mkdir(join(place.path, INDEX_FOLDER));
    const file = `${INDEX_FOLDER}/1-superseded.ndjson.zst`;
    const writer = await PartWriter.openWith(join(place.path, file), { recipients: [] });
    await writer.write(Buffer.from('{"link":0,"part":"a","lines":[1]}\n'), 1);
    await writer.write(Buffer.from(`${text}\n`), 1);
    const list = { file, ...(await writer.seal()) };
    await expect(open(place.path, [part("a", 9)], ["a"], [list])).rejects.toMatchObject({
      code: "line-unreadable",
      fields: { file: join(place.path, file), line: 2 },
    });
  },
);
