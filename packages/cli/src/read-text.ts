import { readFile } from "node:fs/promises";
import { wordsOf } from "@firebreak/archive";
import { cliFault } from "./cli-faults.ts";

/**
 * Reads a file that the person named.
 *
 * @throws {FirebreakError} `file-unreadable`
 */
export async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    throw cliFault("file-unreadable", { file, reason: wordsOf(error) }, error);
  });
}
