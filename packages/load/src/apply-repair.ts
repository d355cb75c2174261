import { verifyArchive } from "@firebreak/verify";
import type { RepairOptions, ToMysqlEvent } from "@firebreak/mysql/target";

/**
 * Repairs a MySQL or MariaDB with the output of `checksum`. The repair is verified as a whole before the
 * target is touched.
 *
 * @throws {FirebreakError} of mysql or archive.
 */
export async function* applyRepair(options: RepairOptions): AsyncGenerator<ToMysqlEvent> {
  const { archive, jobs, identities } = options;
  const files = { archive, mysqlFolder: archive, jobs, identities, depth: "files" } as const;
  for await (const event of verifyArchive(files)) if (event.kind === "progress") yield event;
  const { repairTables } = await import("@firebreak/mysql/target");
  yield* repairTables(options);
}
