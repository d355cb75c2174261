import { describe, expect, test } from "vitest";
import { csvRow } from "../../src/csv/csv-dialect.ts";
import { csvCells, csvRows } from "../../src/csv/read-csv.ts";

async function cut(bytes: Buffer, blockBytes: number): Promise<string[]> {
  async function* blocks(): AsyncGenerator<Buffer> {
    // One buffer in turn, as the reader of a part has.
    const block = Buffer.alloc(blockBytes);
    for (let at = 0; at < bytes.length; at += blockBytes) {
      const length = bytes.copy(block, 0, at, at + blockBytes);
      yield block.subarray(0, length);
    }
  }
  const rows: string[] = [];
  for await (const row of csvRows(blocks())) rows.push(row.toString("latin1"));
  return rows;
}

describe("rows of CSV", () => {
  const rows = [
    csvRow(["1", "plain", null]),
    csvRow(["2", 'quotes "" and "', "a\nb\r\n"]),
    csvRow(["3", '"', ","]),
    csvRow(["", "\n", "NULL"]),
  ];
  const bytes = Buffer.from(rows.join(""), "latin1");

  for (const blockBytes of [1, 2, 3, 7, 1000])
    test(`end at line ends outside quotes, in blocks of ${blockBytes}`, async () => {
      expect(await cut(bytes, blockBytes)).toEqual(rows);
    });

  test("are found too where they are not of our dialect", async () => {
    expect(await cut(Buffer.from('a,b\n1,2,3\n\xff\n"x"y,z\n', "latin1"), 4)).toEqual([
      "a,b\n",
      "1,2,3\n",
      "\xff\n",
      '"x"y,z\n',
    ]);
  });

  test("without a line end at the end is a row too", async () => {
    expect(await cut(Buffer.from('"1"\n"2"'), 2)).toEqual(['"1"\n', '"2"']);
  });

  test("have cells only where they are of our dialect, and whole", () => {
    expect(csvCells(Buffer.from(rows[1]!, "latin1"))).toEqual(["2", 'quotes "" and "', "a\nb\r\n"]);
    expect(csvCells(Buffer.from("a,b\n"))).toBeUndefined();
    expect(csvCells(Buffer.from('"a"'))).toBeUndefined();
    expect(csvCells(Buffer.from('"a"\n"b"\n'))).toBeUndefined();
  });
});
