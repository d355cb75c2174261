import { deserialize, EJSON, serialize, type Document } from "bson";
import { benchMessages } from "../fixtures/src/index.ts";
import { LineDecoder, LineEncoder, LineWriter } from "../packages/archive/dist/index.js";
import { nestedOrders } from "./nested-orders.ts";
import { textTable } from "./text-table.ts";

// BSON to lines and back beside the bson library on the same documents, on one thread, in one run:
//   node bench/line-codec.ts
// Rounds of all of them take turns, so that a machine that slows down slows them all; the quickest round counts.

const ROUNDS = 15;
const SHAPES = { flat: [benchMessages, 8000], nested: [nestedOrders, 5000] } as const;

/** Every type as its own class: what the library needs so as not to lose widths on the way. */
const EXACT = { promoteValues: false, promoteBuffers: false, bsonRegExp: true };

const table = [["shape", "what", "ours MB/s", "bson MB/s", "ratio"]];
for (const [shape, [make, count]] of Object.entries(SHAPES))
  table.push(...measure(shape, make({ seed: 1, count })));
process.stdout.write(`${textTable(table)}\n`);

/** MB are of BSON, in both directions. */
function measure(shape: string, made: Iterable<Document>): string[][] {
  const documents = [...made].map((d) => Buffer.from(serialize(d)));
  const encoder = new LineEncoder();
  const writer = new LineWriter();
  const decoder = new LineDecoder();
  const lines = documents.map((d) => {
    encode(d);
    return Buffer.from(encoder.out.written());
  });
  const texts = lines.map((line) => line.toString());
  const bytes = documents.reduce((sum, d) => sum + d.length, 0);

  function encode(document: Buffer): void {
    encoder.out.clear();
    encoder.encode(document, 0, document.length);
  }
  function write(document: Buffer): void {
    writer.out.clear();
    writer.write(document, 0, document.length);
  }
  function decode(line: Buffer): void {
    decoder.out.clear();
    decoder.decode(line, 0, line.length);
  }

  const [encoded, written, stringified, decoded, parsed] = quickestMs([
    () => documents.forEach(encode),
    () => documents.forEach(write),
    () => documents.forEach((d) => EJSON.stringify(deserialize(d, EXACT), { relaxed: false })),
    () => lines.forEach(decode),
    () => texts.forEach((text) => serialize(EJSON.parse(text, { relaxed: false }) as Document)),
  ]) as [number, number, number, number, number];
  const row = (what: string, ours: number, theirs: number): string[] => {
    const speed = (ms: number): string => (bytes / ms / 1000).toFixed(0);
    return [shape, what, speed(ours), speed(theirs), (theirs / ours).toFixed(1)];
  };
  return [
    row("to lines", encoded, stringified),
    row("to lines, proved", written, stringified),
    row("from lines", decoded, parsed),
  ];
}

function quickestMs(works: readonly (() => void)[]): number[] {
  const quickest = works.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, work] of works.entries()) {
      const startedAt = performance.now();
      work();
      quickest[i] = Math.min(quickest[i]!, performance.now() - startedAt);
    }
  return quickest;
}
