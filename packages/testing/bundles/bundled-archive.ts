import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listFiles, sha256Of } from "@firebreak/archive";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { well } from "@firebreak/testing/recipes/outcome";

export interface ArchiveRecipe {
  /** Bytes that each part is to have about, before compression, which takes a quarter off. */
  readonly partBytes: readonly number[];
  /** Makes archives of the same shape differ. */
  readonly seed?: string;
  readonly collection?: string;
  readonly isTransformed?: boolean;
}

const HASHES_A_LINE = 4096;
const LINE_BYTES = HASHES_A_LINE * 44;

/** Writes a complete archive of one collection, hard to compress. */
export async function makeArchive(archive: string, recipe: ArchiveRecipe): Promise<string> {
  const { partBytes, seed = "", collection = "c", isTransformed = false } = recipe;
  let id = 0;
  const lines = (bytes: number): string[] =>
    Array.from({ length: Math.ceil(bytes / LINE_BYTES) }, () => line(id++, seed));
  await writeArchive(archive, [{ collection, parts: partBytes.map(lines) }]);
  if (isTransformed) await well(transformed(archive));
  return archive;
}

/** Every file of a folder with the hash of its bytes. */
export async function contentOf(folder: string): Promise<Record<string, string>> {
  const files = await listFiles(folder);
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, sha256Of(await readFile(join(folder, file)))])),
  ) as Record<string, string>;
}

function line(id: number, seed: string): string {
  const noise = Array.from({ length: HASHES_A_LINE }, (_, i) =>
    createHash("sha256").update(`${seed} ${id} ${i}`).digest("base64"),
  );
  return `{"_id":{"$numberInt":"${id}"},"noise":"${noise.join("")}"}`;
}
