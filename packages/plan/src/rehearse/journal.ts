import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { diskFault, writeDurably } from "@firebreak/archive";
import { planFault } from "../plan-faults.ts";

const FILE = "rehearsal.json";

const journalSchema = z.object({
  format: z.literal("firebreak-rehearsal"),
  formatVersion: z.literal(1),
  /** The scratch database at the target. */
  database: z.string().regex(/^firebreak_rehearsal_[0-9a-f]{8}$/),
});

/**
 * Reads the name of the scratch database of a rehearsal that did not end. It is noted before the database is made, so
 * that the next run can remove what a killed one left. Undefined if there is none.
 *
 * @throws {FirebreakError} `rehearsal-journal` if the file is none of ours; `disk-failed`.
 */
export async function readJournal(work: string): Promise<string | undefined> {
  const file = join(work, FILE);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw diskFault(error, file);
  });
  if (text === undefined) return undefined;
  try {
    return journalSchema.parse(JSON.parse(text)).database;
  } catch {
    throw planFault("rehearsal-journal", { file });
  }
}

export async function writeJournal(work: string, database: string): Promise<void> {
  const journal = { format: "firebreak-rehearsal", formatVersion: 1, database };
  await writeDurably(join(work, FILE), `${JSON.stringify(journal)}\n`);
}

export async function removeJournal(work: string): Promise<void> {
  await rm(join(work, FILE), { force: true });
}
