/** Reads sealed parts without and with what the command line and load tell the garbage collector, on a heap as large as the command line's. */
import { setFlagsFromString } from "node:v8";
import { join } from "node:path";
import { collectSeldom, PartWriter, readPart } from "../packages/archive/dist/index.js";
import { benchFolder } from "./bench-folder.ts";
import { measureProcess } from "./measure-process.ts";
import { textTable } from "./text-table.ts";

const FLAG = "--external-memory-accounted-in-global-limit";
const PART_BYTES = 64 * 1024 * 1024;
const READINGS = 12;

/** What is told to the collector before the reading. */
const WAYS: Readonly<Record<string, () => void>> = {
  "by default": () => undefined,
  [`with ${FLAG}`]: () => setFlagsFromString(FLAG),
  "and collecting seldom": () => {
    setFlagsFromString(FLAG);
    collectSeldom();
  },
};

async function read(file: string, sealed: string, way: string): Promise<void> {
  WAYS[way]!();
  // What yargs, zod and the drivers keep alive: some 20 MB.
  const kept = Array.from({ length: 200_000 }, (_, n) => ({ n, text: `kept ${n}` }));
  let bytes = 0;
  for (let i = 0; i < READINGS; i++)
    for await (const block of readPart(file, file, JSON.parse(sealed))) bytes += block.length;
  if (bytes !== PART_BYTES * READINGS || kept.length === 0) throw new Error(`${bytes} bytes were read`);
}

async function main(): Promise<void> {
  await using folder = await benchFolder();
  const file = join(folder.path, "part.zst");
  const writer = await PartWriter.open(file);
  const line = Buffer.from(`"${"some text of a message, ".repeat(20)}"\n`);
  while (writer.plainBytes + line.length <= PART_BYTES) await writer.write(line, 1);
  const rest = PART_BYTES - writer.plainBytes;
  await writer.write(Buffer.from(`${"x".repeat(rest - 1)}\n`), 1);
  const sealed = JSON.stringify(await writer.seal());
  const rows = [["parts read", "CPU s", "s", "peak MiB"]];
  for (const way of Object.keys(WAYS)) {
    const { cpuSeconds, wallSeconds, peakMib } = await measureProcess({
      title: "reading parts",
      command: [process.execPath, import.meta.filename, file, sealed, way],
    });
    const figures = [cpuSeconds.toFixed(2), wallSeconds.toFixed(2), peakMib?.toFixed(0) ?? "?"];
    rows.push([way, ...figures]);
  }
  process.stdout.write(textTable(rows));
}

const [file, sealed, way] = process.argv.slice(2);
await (file === undefined || sealed === undefined ? main() : read(file, sealed, way ?? "by default"));
