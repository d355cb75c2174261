import { calculateObjectSize, EJSON, serialize } from "bson";
import { stringify } from "csv-stringify/sync";
import { jsonlParser } from "stream-chain/jsonl/parser.js";
import { benchMessages } from "../fixtures/src/index.ts";
import { CSV_DIALECT, csvRow, putCsvRow } from "../packages/mysql-format/dist/index.js";
import { LineBuffer, LineEncoder, LineFields, toByteText } from "../packages/archive/dist/index.js";
import { textTable } from "./text-table.ts";

// Our own code in the hot path beside the library it stands in for, on one thread, in one run:
//   node bench/hot-paths.ts
// The reasons given in comments of the code are these ratios.

const ROUNDS = 5;
const documents = [...benchMessages({ seed: 1, count: 20_000 })];
const raw = documents.map((d) => Buffer.from(serialize(d)));
const lines = documents.map((d) => EJSON.stringify(d, { relaxed: false }));
const byteLines = lines.map(toByteText);
const rows = documents.map((d) => Object.values(d).map((v) => (v === "" ? null : String(v))));
const byteRows = rows.map((row) => row.map((cell) => (cell === null ? null : toByteText(cell))));
const bsonBytes = documents.reduce((sum, d) => sum + calculateObjectSize(d), 0);
const lineBytes = lines.reduce((sum, line) => sum + line.length, 0);

const encoder = new LineEncoder();
const csv = new LineBuffer();
const fields = new LineFields();
const parse = jsonlParser();
const csvOptions = {
  quoted_string: true,
  record_delimiter: CSV_DIALECT.rowDelimiter,
  cast: {
    null: () => ({ value: CSV_DIALECT.null, quoted: false, quoted_string: false }) as unknown as string,
  },
};

const table = [
  ["what", "ours MB/s", "library", "MB/s", "ratio"],
  compare(
    "BSON to lines",
    bsonBytes,
    "bson EJSON",
    () => raw.forEach(encode),
    () => documents.forEach(stringifyDocument),
  ),
  compare(
    "fields of lines",
    lineBytes,
    "stream-chain JSONL",
    () => byteLines.forEach((l) => fields.read(l, 0, l.length)),
    () => lines.forEach((l) => parse(l)),
  ),
  compare(
    "rows to CSV",
    lineBytes,
    "csv-stringify",
    () => rows.forEach((r) => csvRow(r)),
    () => stringify(rows, csvOptions),
  ),
  compare("rows to CSV, bytes", lineBytes, "our text, to bytes", putRows, () =>
    byteRows.forEach((r) => Buffer.from(csvRow(r), "latin1")),
  ),
];
process.stdout.write(`${textTable(table)}\n`);

function encode(document: Buffer): void {
  encoder.out.clear();
  encoder.encode(document, 0, document.length);
}

function putRows(): void {
  for (const row of byteRows) {
    csv.clear();
    putCsvRow(csv, row);
  }
}

function stringifyDocument(document: object): string {
  return EJSON.stringify(document, { relaxed: false });
}

function compare(
  what: string,
  bytes: number,
  library: string,
  ours: () => void,
  theirs: () => unknown,
): string[] {
  const own = bytes / quickestMs(ours) / 1000;
  const other = bytes / quickestMs(theirs) / 1000;
  return [what, own.toFixed(0), library, other.toFixed(0), (own / other).toFixed(1)];
}

function quickestMs(work: () => unknown): number {
  let quickest = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    work();
    quickest = Math.min(quickest, performance.now() - startedAt);
  }
  return quickest;
}
