/** Reads sealed parts with and without the flag that `main.ts` sets, on a heap as large as the command line's. */
import { setFlagsFromString } from "node:v8";
import { join } from "node:path";
import { PartWriter, readPart } from "../packages/archive/dist/index.js";
import { benchFolder } from "./bench-folder.ts";
import { measureProcess } from "./measure-process.ts";
import { textTable } from "./text-table.ts";

const FLAG = "--external-memory-accounted-in-global-limit";
const PART_BYTES = 64 * 1024 * 1024;
const READINGS = 12;

async function read(file: string, sealed: string, isFlagged: boolean): Promise<void> {
  if (isFlagged) setFlagsFromString(FLAG);
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
  while (writer.plainBytes + line.length <= PART_BYTES) await writer.write(line);
  await writer.write(Buffer.alloc(PART_BYTES - writer.plainBytes, "x"));
  const sealed = JSON.stringify(await writer.seal());
  const rows = [["parts read", "CPU s", "s", "peak MiB"]];
  for (const isFlagged of [false, true]) {
    const { cpuSeconds, wallSeconds, peakMib } = await measureProcess({
      title: "reading parts",
      command: [process.execPath, import.meta.filename, file, sealed, String(isFlagged)],
    });
    const figures = [cpuSeconds.toFixed(2), wallSeconds.toFixed(2), peakMib?.toFixed(0) ?? "?"];
    rows.push([isFlagged ? `with ${FLAG}` : "by default", ...figures]);
  }
  process.stdout.write(textTable(rows));
}

const [file, sealed, flagged] = process.argv.slice(2);
await (file === undefined || sealed === undefined ? main() : read(file, sealed, flagged === "true"));
