import { join } from "node:path";
import { transformArchive, type TransformOptions } from "@firebreak/transform";
import { outcomeOf, type Outcome } from "./outcome.ts";

/** Transforms an archive in this process, into its own folders. */
export async function transformed(
  archive: string,
  options: Partial<TransformOptions> = {},
): Promise<Outcome> {
  const folders = { mysql: join(archive, "mysql"), mongodb: join(archive, "mongodb") };
  return outcomeOf(transformArchive({ archive, folders, jobs: 2, version: "test", ...options }));
}
