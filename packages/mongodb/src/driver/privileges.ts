import { asSent } from "./as-sent.ts";
import type { MongodbSource } from "./connect.ts";

/** The actions that a command needs on a collection (manual, "Privilege Actions"). */
export interface NeededActions {
  readonly database: string;
  /** The buckets of a time-series collection are a resource of another kind than collections. */
  readonly storedIn: string;
  readonly actions: readonly string[];
}

interface Privilege {
  readonly resource: {
    readonly anyResource?: boolean;
    readonly db?: string;
    readonly collection?: string;
    readonly system_buckets?: string;
  };
  readonly actions: readonly string[];
}

const BUCKETS = "system.buckets.";

/** Returns the needed actions that the user lacks, by database. Empty if the server asks for no login. */
export async function missingActions(
  target: MongodbSource,
  needed: readonly NeededActions[],
): Promise<Map<string, Set<string>>> {
  const command = { connectionStatus: 1, showPrivileges: true };
  const { authInfo } = asSent<{
    authInfo: {
      authenticatedUsers: readonly unknown[];
      authenticatedUserPrivileges: readonly Privilege[];
    };
  }>(await target.client.db("admin").command(command));
  const missing = new Map<string, Set<string>>();
  if (authInfo.authenticatedUsers.length === 0) return missing;
  for (const { database, storedIn, actions } of needed) {
    const allowed = new Set(
      authInfo.authenticatedUserPrivileges
        .filter(({ resource }) => covers(resource, database, storedIn))
        .flatMap((privilege) => privilege.actions),
    );
    for (const action of actions)
      if (!allowed.has(action))
        missing.set(database, (missing.get(database) ?? new Set<string>()).add(action));
  }
  return missing;
}

/** An empty or missing name in a resource means every name (manual, "Resource Document"). */
function covers(resource: Privilege["resource"], database: string, storedIn: string): boolean {
  if (resource.anyResource === true) return true;
  const isAny = (pattern: string | undefined, name: string): boolean =>
    pattern === undefined || pattern === "" || pattern === name;
  if (storedIn.startsWith(BUCKETS))
    return (
      resource.system_buckets !== undefined &&
      isAny(resource.db, database) &&
      isAny(resource.system_buckets, storedIn.slice(BUCKETS.length))
    );
  return (
    resource.collection !== undefined && isAny(resource.db, database) && isAny(resource.collection, storedIn)
  );
}
