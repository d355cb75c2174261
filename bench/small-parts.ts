/**
 * Small parts, as a delta has hundreds of: read in one piece beside read as a stream, and written at once beside
 * written as a stream, on one thread, in one run.
 *
 *     node bench/small-parts.ts
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { LazyPart, readPart, type PartEntry } from "../packages/archive/dist/index.js";
import { benchFolder } from "./bench-folder.ts";
import { textTable } from "./text-table.ts";

const COUNT = 1000;
const CHUNK_BYTES = 256 * 1024;
const content = Buffer.from('{"_id":{"$numberInt":"1"},"text":"some words"}\n'.repeat(100));

await using folder = await benchFolder();
const entries: PartEntry[] = [];
const written = await cpuOf(async (i) => {
  // Not synced, as the stream is not.
  const part = new LazyPart({ folder: folder.path, file: `${i}.zst`, recipients: [], isScratch: true });
  await part.write(content, 100);
  entries.push((await part.seal())!);
});
const streamed = await cpuOf((i) =>
  pipeline(
    Readable.from([content]),
    createZstdCompress({ chunkSize: CHUNK_BYTES }),
    createWriteStream(join(folder.path, `${i}.stream`)),
  ),
);
const read = await cpuOf(async (i) => {
  for await (const _ of readPart(join(folder.path, `${i}.zst`), "", entries[i]!));
});
const readAsStream = await cpuOf(async (i) => {
  const hash = createHash("sha256");
  const zstd = createZstdDecompress({ chunkSize: CHUNK_BYTES });
  const file = createReadStream(join(folder.path, `${i}.zst`), { highWaterMark: CHUNK_BYTES });
  await pipeline(file, zstd, async (blocks: AsyncIterable<Buffer>) => {
    for await (const block of blocks) hash.update(block);
  });
  hash.digest();
});
process.stdout.write(
  textTable([
    ["a small part", "in one piece, ms of CPU", "as a stream", "ratio"],
    ["written", written.toFixed(3), streamed.toFixed(3), (written / streamed).toFixed(2)],
    ["read", read.toFixed(3), readAsStream.toFixed(3), (read / readAsStream).toFixed(2)],
  ]),
);

/** Returns the milliseconds of CPU that each of many turns takes. */
async function cpuOf(turn: (i: number) => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < COUNT; i++) await turn(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / COUNT;
}
