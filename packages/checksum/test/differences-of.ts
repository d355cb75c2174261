import { readFile } from "node:fs/promises";
import type { ReportedDifference } from "@firebreak/target";

/** Where checksum writes the differences from an archive, unless told otherwise. */
export function fileOf(archive: string): string {
  return `${archive}.work/differences.ndjson`;
}

export async function differencesOf(archive: string): Promise<ReportedDifference[]> {
  const text = await readFile(fileOf(archive), "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ReportedDifference);
}

/** The first value of its key. */
export function keyOf({ key }: Pick<ReportedDifference, "key">): string {
  const [value] = key;
  return typeof value === "string" ? value : JSON.stringify(value);
}
