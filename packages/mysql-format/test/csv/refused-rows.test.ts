import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FirebreakError } from "@firebreak/archive";
import {
  parsePartEntry,
  readRefusedRows,
  writeRefusedRows,
  type RefusedRow,
} from "../../src/csv/refused-rows.ts";

const ROWS: readonly RefusedRow[] = [
  row(3, Buffer.from('"3","Zürich \u{1f600} ""x"""\n')),
  row(7, Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a])),
  row(9, Buffer.from(`"${"x".repeat(1_000_000)}"\n`)),
];

function row(number: number, csv: Buffer): RefusedRow {
  return {
    table: "t",
    part: "t/00000.csv.zst",
    row: number,
    columns: ["name"],
    errno: 1406,
    message: "Data too long for column 'name' at row 1",
    namespace: "db.t",
    source: { part: "source/db/t/00000.ndjson.zst", line: number },
    csv,
  };
}

async function* each(rows: readonly RefusedRow[]): AsyncGenerator<RefusedRow> {
  yield* rows;
}

async function all(rows: AsyncIterable<RefusedRow>): Promise<RefusedRow[]> {
  const found: RefusedRow[] = [];
  for await (const one of rows) found.push(one);
  return found;
}

describe("refused rows", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "firebreak-test-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("come back as they are, bytes that are no text too", async () => {
    const entry = await writeRefusedRows(folder, "a/b.ndjson.zst", each(ROWS), []);
    expect(entry).toMatchObject({ file: "a/b.ndjson.zst", lineCount: ROWS.length });
    expect(await all(readRefusedRows(folder, entry))).toEqual(ROWS);
    expect(parsePartEntry(JSON.stringify(entry))).toEqual(entry);
  });

  test("are encrypted where the archive is", async () => {
    const identity = await generateIdentity();
    const recipient = await identityToRecipient(identity);
    const entry = await writeRefusedRows(folder, "secret.ndjson.zst", each(ROWS), [recipient]);
    expect(entry.file).toBe("secret.ndjson.zst.age");
    expect(await all(readRefusedRows(folder, entry, [identity]))).toEqual(ROWS);
    await expect(all(readRefusedRows(folder, entry))).rejects.toMatchObject({ code: "key-missing" });
  });

  test("that were changed on disk are refused", async () => {
    const entry = await writeRefusedRows(folder, "c.ndjson.zst", each(ROWS), []);
    const path = join(folder, entry.file);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(all(readRefusedRows(folder, entry))).rejects.toBeInstanceOf(FirebreakError);
  });

  test("that cannot be had leave no file", async () => {
    async function* failing(): AsyncGenerator<RefusedRow> {
      yield ROWS[0]!;
      throw new Error("gone");
    }
    await expect(writeRefusedRows(folder, "d/e.ndjson.zst", failing(), [])).rejects.toThrow("gone");
    expect(await readdir(join(folder, "d"))).toEqual([]);
  });

  test("have no entry in text that is none", () => {
    expect(parsePartEntry("{")).toBeUndefined();
    expect(parsePartEntry("{}")).toBeUndefined();
  });
});
