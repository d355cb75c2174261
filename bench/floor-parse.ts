/** Run as `node floor-parse.ts PART…`: JSON.parse over the lines of an archive's parts, on one thread; prints its figures. */
import { readFileSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";

const startedAt = performance.now();
let parseMs = 0;
let lines = 0;
let bytes = 0;
for (const file of process.argv.slice(2)) {
  const plain = zstdDecompressSync(readFileSync(file));
  bytes += plain.length;
  const texts = plain.toString("utf8").trimEnd().split("\n");
  const parseStartedAt = performance.now();
  for (const text of texts) if (typeof JSON.parse(text) === "object") lines++;
  parseMs += performance.now() - parseStartedAt;
}
const seconds = parseMs / 1000;
const wholeSeconds = (performance.now() - startedAt) / 1000;
process.stdout.write(JSON.stringify({ seconds, wholeSeconds, lines, bytes }));
