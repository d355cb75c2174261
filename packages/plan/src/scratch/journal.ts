import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { diskFault, writeDurably } from "@firebreak/archive";
import { planFault } from "../plan-faults.ts";

const FILE = "scratch.json";

const journalSchema = z.object({
  format: z.literal("firebreak-scratch"),
  formatVersion: z.literal(1),
  /** The target's server, as host and port. */
  server: z.string(),
  /** The scratch database, if there is one. */
  database: z.string().min(1).optional(),
  /** The scratch folder's name in the work folder. */
  folder: z.string().regex(/^scratch-[0-9a-f]{8}$/),
});

/** The things that a probe or a rehearsal makes. They are noted before they are made, so that the next run can remove them. */
export type Journal = Pick<z.output<typeof journalSchema>, "server" | "database" | "folder">;

/**
 * Reads the journal of a run that did not end. Undefined if there is none.
 *
 * @throws {FirebreakError} `scratch-journal` if the file is none of ours; `disk-failed`.
 */
export async function readJournal(work: string): Promise<Journal | undefined> {
  const file = join(work, FILE);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw diskFault(error, file);
  });
  if (text === undefined) return undefined;
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch {
    throw planFault("scratch-journal", { file });
  }
}

export async function writeJournal(work: string, journal: Journal): Promise<void> {
  const content = { format: "firebreak-scratch", formatVersion: 1, ...journal };
  await writeDurably(join(work, FILE), `${JSON.stringify(content)}\n`);
}

export async function removeJournal(work: string): Promise<void> {
  await rm(join(work, FILE), { force: true });
}
