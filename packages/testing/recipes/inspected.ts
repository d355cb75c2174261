import { join } from "node:path";
import { inspectArchive } from "@firebreak/inspect";
import { outcomeOf, type Outcome } from "./outcome.ts";

/** Reports what is in an archive. */
export async function inspected(
  archive: string,
  options: Partial<Parameters<typeof inspectArchive>[0]> = {},
): Promise<Outcome> {
  const folders = { mysqlFolder: join(archive, "mysql"), mongodbFolder: join(archive, "mongodb") };
  const none = { namespace: undefined, grep: undefined, identities: undefined };
  return outcomeOf(inspectArchive({ archive, ...folders, ...none, jobs: 2, ...options }));
}
