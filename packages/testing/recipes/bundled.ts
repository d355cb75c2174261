import { join } from "node:path";
import { extractBundle, packArchive } from "@firebreak/bundle";
import { outcomeOf, type Outcome } from "./outcome.ts";

/** Packs an archive into volumes, by default beside it. */
export async function packed(
  archive: string,
  options: Partial<Parameters<typeof packArchive>[0]> = {},
): Promise<Outcome> {
  const folders = { mysqlFolder: join(archive, "mysql"), mongodbFolder: join(archive, "mongodb") };
  const own = { out: `${archive}.bundle`, volumeMib: undefined, jobs: 2, isDryRun: false };
  return outcomeOf(packArchive({ archive, ...folders, ...own, ...options }));
}

/** Extracts the volumes in a folder to an archive. */
export async function extracted(from: string, archive: string): Promise<Outcome> {
  return outcomeOf(extractBundle({ from, archive, jobs: 2, isDryRun: false }));
}
