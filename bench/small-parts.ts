/**
 * Small parts, as a delta has hundreds of, and parts of a mebibyte, as the index of lines has: read in one piece beside
 * read as a stream, and written at once beside written as a stream, on one thread, in one run.
 *
 *     node bench/small-parts.ts
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { LazyPart, readPart, type PartEntry } from "../packages/archive/dist/index.js";
import { benchFolder } from "./bench-folder.ts";
import { textTable } from "./text-table.ts";

const CHUNK_BYTES = 256 * 1024;
/** The parts of each size: their number, and that of their lines. */
const SIZES = [
  { title: "of 5 KiB", count: 1000, lineCount: 100 },
  { title: "of 1 MiB", count: 100, lineCount: 1 << 14 },
];

await using folder = await benchFolder();
const rows = [["a part", "in one piece, ms of CPU", "as a stream", "ratio"]];
for (const { title, count, lineCount } of SIZES) {
  const line = (i: number): string =>
    `{"_id":{"$numberInt":"${i}"},"text":"${randomBytes(16).toString("hex")}"}\n`;
  const content = Buffer.from(Array.from({ length: lineCount }, (_, i) => line(i)).join(""));
  const at = (name: string): string => join(folder.path, `${lineCount}-${name}`);
  const entries: PartEntry[] = [];
  const written = await cpuOf(count, async (i) => {
    // Not synced, as the stream is not.
    const part = new LazyPart({
      folder: folder.path,
      file: `${lineCount}-${i}.zst`,
      recipients: [],
      isScratch: true,
    });
    await part.write(content, lineCount);
    entries.push((await part.seal())!);
  });
  const streamed = await cpuOf(count, (i) =>
    pipeline(
      Readable.from([content]),
      createZstdCompress({ chunkSize: CHUNK_BYTES }),
      createWriteStream(at(`${i}.stream`)),
    ),
  );
  const read = await cpuOf(count, async (i) => {
    for await (const _ of readPart(at(`${i}.zst`), "", entries[i]!));
  });
  const readAsStream = await cpuOf(count, async (i) => {
    const hash = createHash("sha256");
    const zstd = createZstdDecompress({ chunkSize: CHUNK_BYTES });
    const file = createReadStream(at(`${i}.zst`), { highWaterMark: CHUNK_BYTES });
    await pipeline(file, zstd, async (blocks: AsyncIterable<Buffer>) => {
      for await (const block of blocks) hash.update(block);
    });
    hash.digest();
  });
  rows.push(
    [`${title}, written`, written.toFixed(3), streamed.toFixed(3), (written / streamed).toFixed(2)],
    [`${title}, read`, read.toFixed(3), readAsStream.toFixed(3), (read / readAsStream).toFixed(2)],
  );
}
process.stdout.write(textTable(rows));

/** Returns the milliseconds of CPU that each of many turns takes. */
async function cpuOf(count: number, turn: (i: number) => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) await turn(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}
