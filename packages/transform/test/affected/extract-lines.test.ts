import { join } from "node:path";
import { expect, test } from "vitest";
import { PartWriter, sha256Of, type PartEntry } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { MARK } from "../../src/affected/marked-part.ts";
import { extractLines } from "../../src/affected/extract-lines.ts";
import { smallLines } from "../../src/line-index/small-lines.ts";

/** The reader's blocks; a line may be longer, or end with one. */
const BLOCK_BYTES = 256 * 1024;

test("marked lines are taken out as they are, whatever their lengths", async () => {
  await using place = await folder();
  const lengths = [1, 2, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES, 5, 7, 1_000_000];
  const lines = lengths.map((length, i) => String(i).repeat(length));
  const writer = await PartWriter.open(join(place.path, "part.ndjson.zst"));
  for (const line of lines) await writer.write(Buffer.from(`${line}\n`), 1);
  const part: PartEntry = { file: "part.ndjson.zst", ...(await writer.seal()) };
  const all = Object.entries(MARK);
  for (let turn = 0; turn < 4; turn++) {
    const marks = Uint8Array.from(lines, (_, i) => (i + turn) % 4);
    const extracted = await extractLines(
      {
        sourceFile: join(place.path, part.file),
        part,
        keys: { identities: [], recipients: [] },
        marks,
        folder: place.path,
        name: `turn-${turn}`,
        scratch: { isScratch: true },
      },
      { add: () => undefined },
    );
    for (const [name, mark] of all) {
      const entry = extracted[name as keyof typeof MARK]!;
      const found: string[] = [];
      for await (const line of smallLines(join(place.path, entry.file), entry, []))
        found.push(sha256Of(line));
      expect(found).toEqual(lines.filter((_, i) => marks[i] === mark).map((line) => sha256Of(line)));
    }
  }
});

test("no file is made for a mark that no line has", async () => {
  await using place = await folder();
  const writer = await PartWriter.open(join(place.path, "part.ndjson.zst"));
  await writer.write(Buffer.from("a\nb\n"), 2);
  const part: PartEntry = { file: "part.ndjson.zst", ...(await writer.seal()) };
  const sourceFile = join(place.path, part.file);
  const task = { sourceFile, part, keys: { identities: [], recipients: [] }, folder: place.path, name: "x" };
  const marks = Uint8Array.of(MARK.gone, 0);
  const extracted = await extractLines({ ...task, marks, scratch: {} }, { add: () => undefined });
  expect(Object.keys(extracted)).toEqual(["gone"]);
});
