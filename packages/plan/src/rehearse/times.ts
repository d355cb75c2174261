import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { hostname } from "node:os";
import { sha256Of, writeDurably, type NamespaceFilter } from "@firebreak/archive";
import type { Measured } from "../time/measure.ts";

const FILE = "rehearsal-times.json";
const ms = z.number().nonnegative();

const timesSchema = z.object({
  format: z.literal("firebreak-rehearsal-times"),
  formatVersion: z.literal(1),
  at: z.string(),
  /** A hash of what the times depend on, besides the servers. */
  conditions: z.string(),
  source: z.string(),
  target: z.string(),
  bytes: z.number().positive(),
  documents: z.number(),
  largestBytes: z.number(),
  ms: z.object({ export: ms, transform: ms, load: ms, checksum: ms }),
  archiveBytes: z.number(),
  csvBytes: z.number(),
  indexEntries: z.number(),
  storedBytes: z.number(),
});

/** The measurements of a rehearsal, for later plans. */
export type RehearsalTimes = Omit<z.output<typeof timesSchema>, "format" | "formatVersion">;

/** The settings of a rehearsal and of a plan, as far as times depend on them. */
export interface TimedSettings extends NamespaceFilter {
  readonly jobs: number;
  readonly profile: { readonly name: string } | undefined;
}

/** Returns what the times of a rehearsal depend on: the same namespaces, profile, host and threads. */
export function conditionsOf({ include, exclude, jobs, profile }: TimedSettings): { conditions: string } {
  const all = [hostname(), jobs, include, exclude, profile?.name ?? null];
  return { conditions: sha256Of(JSON.stringify(all)) };
}

/** Reads the measurements of the last rehearsal. Undefined if there are none, or those of another version. */
export async function readTimes(work: string): Promise<RehearsalTimes | undefined> {
  try {
    return timesSchema.safeParse(JSON.parse(await readFile(join(work, FILE), "utf8"))).data;
  } catch {
    return undefined;
  }
}

export async function writeTimes(
  work: string,
  servers: Pick<RehearsalTimes, "source" | "target" | "conditions">,
  measured: Measured,
): Promise<void> {
  const { bytes, documents, largestBytes, archiveBytes, csvBytes, indexEntries, storedBytes } = measured;
  const sizes = { bytes, documents, largestBytes, archiveBytes, csvBytes, indexEntries, storedBytes };
  const head = { format: "firebreak-rehearsal-times", formatVersion: 1, at: new Date().toISOString() };
  await writeDurably(
    join(work, FILE),
    `${JSON.stringify({ ...head, ...servers, ms: measured.ms, ...sizes })}\n`,
  );
}
