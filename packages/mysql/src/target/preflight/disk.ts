import { statfs } from "node:fs/promises";
import { hostname } from "node:os";
import type { MysqlTable, TablePart } from "@firebreak/archive";
import type { ServerFacts } from "../../driver/server-facts.ts";
import type { TargetFinding, TargetNote } from "./findings.ts";

/** InnoDB's bytes for a byte of CSV: least, with ordered keys and only binaries; usual, with random keys. */
const LEAST = 0.6;
const USUAL = 1.5;

/** The approximate size of an entry in a secondary index. */
const INDEX_ENTRY_BYTES = 60;

/** The size below which no note is needed. */
const NOTEWORTHY_BYTES = 1 << 30;

/** The space for the server's data, if this machine can know it. */
export interface Disk {
  readonly folder: string;
  readonly freeBytes: number;
}

/** The parts of a table that are still to be loaded. */
export interface Remaining {
  readonly table: MysqlTable;
  readonly todo: readonly TablePart[];
}

/** Returns the disk with the server's data; undefined if it belongs, or may belong, to another machine. */
export async function serverDisk(
  facts: Pick<ServerFacts, "hostname" | "dataFolder">,
): Promise<Disk | undefined> {
  if (facts.hostname !== hostname() || facts.dataFolder === "") return undefined;
  const found = await statfs(facts.dataFolder).catch(() => undefined);
  return found === undefined
    ? undefined
    : { folder: facts.dataFolder, freeBytes: found.bavail * found.bsize };
}

/** Returns the space that rows and the entries of their secondary indexes usually take, from the bytes of their CSV. */
export function usualSpace(csvBytes: number, indexEntries: number): number {
  return Math.ceil(csvBytes * USUAL) + indexEntries * INDEX_ENTRY_BYTES;
}

/** Checks that the disk has room for the rows, and notes what the user should know of disk and binary log. */
export function diskFindings(
  remaining: readonly Remaining[],
  disk: Disk | undefined,
  binlog: ServerFacts["binlog"],
): { findings: TargetFinding[]; notes: TargetNote[] } {
  const parts = remaining.flatMap((r) => r.todo);
  const csvBytes = parts.reduce((sum, p) => sum + p.plainBytes, 0);
  const entries = remaining.reduce(
    (sum, r) => sum + r.table.indexes.length * r.todo.reduce((rows, p) => rows + p.lineCount, 0),
    0,
  );
  const logBytes = binlog === undefined ? 0 : csvBytes;
  const least = Math.ceil(csvBytes * LEAST);
  const needed = usualSpace(csvBytes, entries) + logBytes;
  const notes: TargetNote[] = [];
  if (binlog !== undefined && logBytes >= NOTEWORTHY_BYTES)
    notes.push({ code: "load-binlog", fields: { bytes: logBytes, keptSeconds: binlog.keptSeconds } });
  if (disk !== undefined && disk.freeBytes < least)
    return {
      findings: [{ what: "disk-small", folder: disk.folder, needed, free: disk.freeBytes }],
      notes,
    };
  const isTight = disk === undefined ? needed >= NOTEWORTHY_BYTES : disk.freeBytes < needed;
  if (isTight) notes.push({ code: "load-disk", fields: { needed, free: disk?.freeBytes } });
  return { findings: [], notes };
}
