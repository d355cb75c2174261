import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Account, StepEvent } from "@firebreak/archive";
import type { StepName } from "../plan-record.ts";

/** The measurements of one sample that went through the steps. */
export interface Measured {
  readonly bytes: number;
  readonly documents: number;
  readonly largestBytes: number;
  readonly ms: Partial<Record<StepName, number>>;
  /** The bytes of the archive, with what transform made. */
  readonly archiveBytes: number;
  /** The plaintext of the rows that transform made, and the entries that their indexes will have. */
  readonly csvBytes: number;
  readonly indexEntries: number;
  /** The bytes of the tables and their indexes in the probe's database. Missing if nothing was loaded. */
  readonly storedBytes?: number;
  readonly accounts: readonly Account[];
}

/** Runs a step, passes its progress on, and returns how long it took, and its account. */
export async function* timed<N>(
  events: AsyncIterable<StepEvent<N> | { readonly kind: string }>,
): AsyncGenerator<Extract<StepEvent, { kind: "progress" }>, { ms: number; accounts: readonly Account[] }> {
  const startedAt = performance.now();
  let accounts: readonly Account[] = [];
  for await (const event of events)
    if (isProgress(event)) yield event;
    else if (isAccount(event)) ({ accounts } = event);
  return { ms: performance.now() - startedAt, accounts };
}

function isProgress(event: { readonly kind: string }): event is Extract<StepEvent, { kind: "progress" }> {
  return event.kind === "progress";
}

function isAccount(event: { readonly kind: string }): event is Extract<StepEvent, { kind: "account" }> {
  return event.kind === "account";
}

/** Returns the bytes of all files in a folder. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
