// @module-tag slow
import { createHash } from "node:crypto";
import { join } from "node:path";
import { PartWriter, readPart } from "@firebreak/archive";
import { ProgressCounters } from "@firebreak/workers";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { planTable } from "../../src/tables/table-plan.ts";
import { surveyPart } from "../../src/survey/survey-part.ts";
import { writePart } from "../../src/lines/write-part.ts";

/** Lines longer than this become rows in pieces. */
const HUGE_LINE = 16 << 20;
/** Bytes of a piece of a value. */
const PIECE = 1 << 18;

const START = '{"_id":{"$numberInt":"1"},"v":"';
const END = '"}';
const atEdge = HUGE_LINE - START.length - END.length;

test.each([
  ["one byte short of the edge", "x".repeat(atEdge - 1)],
  ["at the edge", "x".repeat(atEdge)],
  ["one byte beyond", "x".repeat(atEdge + 1)],
  ["of quotes and line ends, the last piece one of them", `${'"\n'.repeat(PIECE * 17)}x\n`],
  ["of whole pieces and a line end", `${"x".repeat(PIECE * 65)}\n`],
])("a line %s is one row, amid others", async (_, value) => {
  await using place = await folder();
  const keys = { identities: [], recipients: [] };
  const sourceFile = join(place.path, "00000.ndjson.zst");
  const writer = await PartWriter.open(sourceFile);
  const lines = [
    `{"_id":{"$numberInt":"0"},"v":"a"}`,
    `${START}${JSON.stringify(value).slice(1, -1)}${END}`,
    `{"_id":{"$numberInt":"2"},"v":"b"}`,
  ];
  await writer.write(Buffer.from(`${lines.join("\n")}\n`), 3);
  const part = { file: "00000.ndjson.zst", ...(await writer.seal()) };
  const source = { sourceFile, part, keys };
  const progress = new ProgressCounters();
  const { survey } = await surveyPart({ ...source, hashFile: join(place.path, "hashes") }, progress);
  const written = await writePart(
    {
      ...source,
      mapping: { to: "rows", by: "plan", plan: planTable("d.c", "d", "c", survey) },
      namespace: "d.c",
      folder: place.path,
      targets: [{ name: "c", file: "c/00000.csv.zst" }],
      home: 0,
      quarantineFile: "quarantine/c/00000.ndjson.zst",
      listFile: "listed/c/00000.ndjson.zst",
      listed: [],
      decisions: new Map(),
    },
    progress,
  );
  expect(written.quarantine).toBeUndefined();
  const { part: csv } = written.items[0]!;
  expect(csv).toMatchObject({ lineCount: 3, digest: { rowCount: 3 } });
  const hash = createHash("sha256");
  for await (const block of readPart(join(place.path, csv.file), csv.file, csv)) hash.update(block);
  const row = (id: number, text: string): string => `"${id}","${text.replaceAll('"', '""')}",NULL\n`;
  const expected = [row(0, "a"), row(1, value), row(2, "b")].join("");
  expect(hash.digest("hex")).toBe(createHash("sha256").update(expected).digest("hex"));
});
