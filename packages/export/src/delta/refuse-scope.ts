import type { ChainNamespace } from "@firebreak/items";
import type { MongodbSource } from "@firebreak/mongodb";
import { exportFault } from "../export-faults.ts";

/**
 * Refuses to continue a chain of several databases from a URL that names one of them: the changes of the
 * others would be lost.
 *
 * @throws {FirebreakError} `delta-scope`
 */
export function refuseScope(
  { server, database }: Pick<MongodbSource, "server" | "database">,
  known: ReadonlyMap<string, ChainNamespace>,
): void {
  if (database === undefined) return;
  const databases = new Set([...known.values()].map(({ last }) => last.entry.database));
  databases.delete(database);
  if (databases.size > 0) throw exportFault("delta-scope", { server, database, others: [...databases] });
}
