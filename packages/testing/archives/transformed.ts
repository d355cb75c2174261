import { join } from "node:path";
import { transformArchive, type TransformEvent, type TransformOptions } from "@firebreak/transform";

/** Transforms an archive in this process, into its own folders, and returns what was told. */
export async function transformed(
  archive: string,
  options: Partial<TransformOptions> = {},
): Promise<TransformEvent[]> {
  const folders = { mysql: join(archive, "mysql"), mongodb: join(archive, "mongodb") };
  return told(transformArchive({ archive, folders, jobs: 2, version: "test", ...options }));
}

/** Runs a step to its end, and returns what it told. */
export async function told<E>(step: AsyncIterable<E>): Promise<E[]> {
  const events: E[] = [];
  for await (const event of step) events.push(event);
  return events;
}
