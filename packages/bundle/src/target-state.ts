import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  diskFault,
  missingFault,
  listFiles,
  MANIFEST,
  ProgressLog,
  sha256Of,
  systemCode,
} from "@firebreak/archive";
import { bundleFault } from "./bundle-faults.ts";
import type { LabelHead } from "./label.ts";
import { MANIFESTS } from "./bundle-plan.ts";

/** The file that lists the unpacked volumes until all are unpacked. */
export const PROGRESS_FILE = "bundle-progress.ndjson";

/** A line of the progress: first the bundle, then each unpacked volume. */
export type UnpackProgress =
  | { readonly kind: "bundle"; readonly head: LabelHead }
  | { readonly kind: "volume"; readonly volume: number; readonly filesInPieces: readonly string[] };

/** The state of a folder that a bundle will be unpacked to. */
export type TargetState =
  | { readonly kind: "new" }
  | { readonly kind: "begun"; readonly head: LabelHead; readonly done: ReadonlySet<number> }
  /** `manifests` has the SHA-256 of each manifest in the folder, by its name. */
  | { readonly kind: "complete"; readonly manifests: ReadonlyMap<string, string> };

/**
 * Looks at the contents of a folder and begins nothing in it.
 *
 * @throws {FirebreakError} `target-taken` for a folder that holds something else, `file-not-regular` for one
 * with links.
 */
export async function targetState(folder: string): Promise<TargetState> {
  const files = await filesIn(folder);
  if (files.includes(PROGRESS_FILE)) {
    const { log, entries } = await ProgressLog.open<UnpackProgress>(join(folder, PROGRESS_FILE));
    await log.close();
    const head = headOf(entries);
    return head === undefined ? { kind: "new" } : { kind: "begun", head, done: doneIn(entries) };
  }
  if (files.includes(MANIFEST)) return { kind: "complete", manifests: await hashesOf(folder, files) };
  if (files.length > 0) throw bundleFault("target-taken", { archive: folder, found: files[0]! });
  return { kind: "new" };
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await listFiles(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    if (systemCode(error) === "ENOTDIR")
      throw bundleFault("target-taken", { archive: folder, found: folder }, error);
    throw diskFault(error, folder);
  }
}

async function hashesOf(folder: string, files: readonly string[]): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const file of MANIFESTS)
    if (files.includes(file)) hashes.set(file, await fileSha256(join(folder, ...file.split("/"))));
  return hashes;
}

export function headOf(entries: readonly UnpackProgress[]): LabelHead | undefined {
  return entries.find((e) => e.kind === "bundle")?.head;
}

export function doneIn(entries: readonly UnpackProgress[]): Set<number> {
  return new Set(entries.flatMap((e) => (e.kind === "volume" ? [e.volume] : [])));
}

export async function fileSha256(path: string): Promise<string> {
  const content = await readFile(path).catch(missingFault(path));
  return sha256Of(content);
}
