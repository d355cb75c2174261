import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { diskFault, type Delta, type Encryption, type FileEntry } from "@firebreak/archive";
import type { Keys } from "../keys.ts";

/** The task to make the delta's folder. */
export interface DifferenceTask {
  /** The transform of the whole chain. */
  readonly whole: string;
  /** The folder to write. */
  readonly folder: string;
  readonly keys: Keys;
  readonly encryption: Encryption | undefined;
  readonly sourceManifestSha256: string;
  readonly delta: Delta;
  readonly startedAt: string;
  readonly version: string;
}

/** Copies files of the whole transform unchanged. */
export async function copyFiles(
  { whole, folder }: Pick<DifferenceTask, "whole" | "folder">,
  entries: readonly FileEntry[],
): Promise<void> {
  for (const { file } of entries)
    try {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await copyFile(join(whole, file), join(folder, file));
    } catch (error) {
      throw diskFault(error, join(folder, file));
    }
}
