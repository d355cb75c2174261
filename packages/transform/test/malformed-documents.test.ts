import { readFile } from "node:fs/promises";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { exported } from "@firebreak/testing/recipes/exported";
import { writeDump } from "@firebreak/testing/dumps/small-dump";

/** `{ _id: N }` with an Int32. */
const good = (n: number): string => `0e000000105f6964000${n}00000000`;

/** One string that says it is longer than the document, and one value of no BSON type. */
const MALFORMED = ["10000000026100ff0000007800000000", "0d0000007e6100010000000000"];

test("documents of a dump that are no BSON go to quarantine, and the others become rows", async () => {
  await using place = await folder();
  const dump = join(place.path, "dump");
  const archive = join(place.path, "archive");
  const plain = { kind: "collection", optionsText: "{}", indexTexts: [] } as const;
  await writeDump(dump, [
    {
      namespace: "odd.c",
      database: "odd",
      collection: "c",
      ...plain,
      documents: [good(1), ...MALFORMED, good(2)],
    },
  ]);
  await well(exported(archive, dump));
  const made = await transformed(archive);
  expect(made.ending, made.text).toBe("short");
  expect(made.accounts).toMatchObject([{ lines: 4, quarantined: 2, tables: [{ rows: 2 }] }]);
  const quarantine = zstdDecompressSync(
    await readFile(join(archive, "mysql", "quarantine", "c", "00000.ndjson.zst")),
  );
  const lines = quarantine.toString().trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { line: 2, reason: "document-malformed" },
    { line: 3, reason: "document-malformed" },
  ]);
});
