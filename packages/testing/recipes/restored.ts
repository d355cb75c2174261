import { join } from "node:path";
import { restoreToMysql, type RestoreToMysqlOptions } from "@firebreak/journeys";
import { restoreArchive, restoreToDump, type DumpOptions, type RestoreOptions } from "@firebreak/restore";
import { outcomeOf, type Outcome } from "./outcome.ts";

const COMMON = {
  jobs: 2,
  include: [],
  exclude: [],
  renames: [],
  isDropping: false,
  isDryRun: false,
  confirmDrop: () => Promise.resolve(true),
} as const;

/** Restores an archive of MongoDB. A question whether collections may be dropped is answered with yes. */
export async function restored(
  archive: string,
  url: string,
  options: Partial<RestoreOptions> = {},
): Promise<Outcome> {
  const work = `${archive}.work`;
  return outcomeOf(restoreArchive({ ...COMMON, archive, url, work, isWithoutIndexes: false, ...options }));
}

/** Restores an archive of MySQL or MariaDB, as `restored` does one of MongoDB. */
export async function restoredToMysql(
  archive: string,
  url: string,
  options: Partial<RestoreToMysqlOptions> = {},
): Promise<Outcome> {
  const folders = { mysql: join(archive, "mysql"), mongodb: join(archive, "mongodb") };
  const own = { archive, url, folders, work: `${archive}.work`, version: "test" };
  return outcomeOf(restoreToMysql({ ...COMMON, ...own, collations: [], maxQuarantine: 1000, ...options }));
}

/** Writes an archive of MongoDB as a dump. */
export async function restoredToDump(
  archive: string,
  folder: string,
  options: Partial<DumpOptions> = {},
): Promise<Outcome> {
  return outcomeOf(
    restoreToDump({ archive, folder, jobs: 2, include: [], exclude: [], identities: undefined, ...options }),
  );
}
