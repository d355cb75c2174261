import { quoteIdentifier } from "@firebreak/mysql-format";
import { readSourceManifest } from "@firebreak/archive";
import { MysqlSession, mysqlTarget } from "@firebreak/mysql";
import { clearLedger } from "./restore-mark.ts";
import { planRestore, type RestoreSettings, serverUrl } from "./restore-plan.ts";
import { dropObject, objectsOf } from "./target-objects.ts";

/**
 * Reverts `beginRestore` if no table could be created after it. The restore can then begin with
 * other settings.
 *
 * @param made the databases that `beginRestore` created; it drops those that are empty.
 * @throws {FirebreakError} any code of mysql or archive.
 */
export async function giveUpRestore(
  options: RestoreSettings & { readonly url: string },
  made: readonly string[],
): Promise<void> {
  const { manifest, sha256 } = await readSourceManifest(options.archive, options.identities);
  const plan = await planRestore(options, manifest, sha256, mysqlTarget(options.url).database);
  await using session = await MysqlSession.open(mysqlTarget(serverUrl(options.url)));
  for (const { database, objects } of plan.databases) {
    for (const { name } of objects?.sequences ?? [])
      await dropObject(session, { kind: "sequence", database, name });
    const tables = plan.tables.filter((t) => t.database === database).map((t) => t.name);
    await clearLedger(session, database, tables);
    if (made.includes(database) && (await objectsOf(session, database)).length === 0)
      await session.run(`DROP DATABASE ${quoteIdentifier(database)}`);
  }
}
