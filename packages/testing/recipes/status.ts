import { join } from "node:path";
import { mongodbStatusTarget } from "@firebreak/mongodb/target";
import { mysqlStatusTarget } from "@firebreak/mysql/target";
import { archiveStatus } from "@firebreak/status";
import { outcomeOf, type Outcome } from "./outcome.ts";

/** Reports what is exported, transformed, and loaded into the target that a URL names. */
export async function statusOf(archive: string, url: string): Promise<Outcome> {
  const kind = url.startsWith("mysql:") ? "mysql" : "mongodb";
  const target = kind === "mysql" ? mysqlStatusTarget(url) : mongodbStatusTarget(url);
  return outcomeOf(archiveStatus({ archive, kind, target, folder: join(archive, kind) }));
}
