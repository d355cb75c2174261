import type { SourceManifest, SourceNamespace } from "./manifest/source-manifest.ts";

/**
 * The kind of a collection that MongoDB keeps for itself: users and roles with their passwords, functions
 * stored in a database, or the server's own accounts of its work.
 */
export type SystemKind = "access" | "functions" | "server";

/** Databases in which a MongoDB server keeps collections of its own beside those of people. */
const SYSTEM_DATABASES = ["admin", "config", "local"] as const;
type SystemDatabase = (typeof SYSTEM_DATABASES)[number];

/** Collections of users and roles, in any database: older servers had them in each. */
const ACCESS: ReadonlySet<string> = new Set([
  "system.users",
  "system.roles",
  "system.backup_users",
  "system.new_users",
]);

/**
 * Names of the server's own collections that do not begin with `system.`. A final `*` stands for any ending.
 * The names cover the servers from 3.6 to 8.2 (the server's sources, `namespace_string_reserved.def.h` and
 * the names in the code of sharding and resharding).
 */
const SERVER: Readonly<Record<SystemDatabase, readonly string[]>> = {
  admin: [],
  config: [
    "actionlog",
    "agg_temp_collections",
    "analyzeShardKeySplitPoints",
    "block_fcv_changes",
    "cache.*",
    "change_stream_coordinator",
    "changelog",
    "chunks",
    "clusterParameters",
    "collections",
    "collection_critical_sections",
    "compact_structured_encryption_coordinator",
    "csrs.*",
    "databases",
    "external_validation_keys",
    "image_collection",
    "localGlobalIndexOperations.*",
    "localMigrationBlockingOperations.*",
    "localRenameParticipants",
    "localResharding*",
    "lockpings",
    "locks",
    "migrationCoordinators",
    "migrationRecipients",
    "migrations",
    "mongos",
    "placementHistory",
    "queryAnalyzers",
    "rangeDeletions",
    "rangeDeletionsForRename",
    "repl.migration.*",
    "reshardingOperations",
    "sampledQueries",
    "sampledQueriesDiff",
    "settings",
    "shard.collections",
    "shard.indexes",
    "shardMergeRecipients",
    "shardRemovalLog",
    "shards",
    "shardSplitDonors",
    "sharding_configsvr_coordinators",
    "tags",
    "tenantMigrationDonors",
    "tenantMigrationRecipients",
    "tenantSplitDonors",
    "transaction_coordinators",
    "transactions",
    "user_writes_critical_sections",
    "vectorClock",
    "version",
  ],
  local: [
    "clustermanager",
    "magic_restore_metadata",
    "me",
    "oplog.*",
    "replset.*",
    "slaves",
    "sources",
    "startup_log",
    "temp_oplog_buffer",
  ],
};

/** Collections in which mongorestore keeps users and roles while it restores them. */
const RESTORED_ACCESS: ReadonlySet<string> = new Set(["tempusers", "temproles"]);

export function isSystemDatabase(database: string): database is SystemDatabase {
  return (SYSTEM_DATABASES as readonly string[]).includes(database);
}

/** Returns the kind of a collection that is MongoDB's own. Returns undefined if it is a person's. */
export function systemKind(database: string, collection: string): SystemKind | undefined {
  if (ACCESS.has(collection)) return "access";
  // Dumps of one database call users and roles `$admin.system.users` and `$admin.system.roles`.
  if (collection.startsWith("$")) return "access";
  if (collection === "system.js") return "functions";
  if (collection.startsWith("system.")) return "server";
  if (!isSystemDatabase(database)) return undefined;
  if (database === "admin" && RESTORED_ACCESS.has(collection)) return "access";
  const isNamed = SERVER[database].some((name) =>
    name.endsWith("*") ? collection.startsWith(name.slice(0, -1)) : collection === name,
  );
  return isNamed ? "server" : undefined;
}

/** Returns true if a collection is MongoDB's own: exports leave it out, and nothing may be restored there. */
export function isSystemNamespace(database: string, collection: string): boolean {
  return systemKind(database, collection) !== undefined;
}

/**
 * Databases, by source, whose collections an export cannot bring to the moment of the others. Change streams
 * do not cover `admin`, `config` and `local` (manual, "Change Streams"). An oplog has nothing of `local`,
 * which is not replicated.
 */
const APART: Readonly<Record<SourceManifest["source"]["kind"], (database: string) => boolean>> = {
  mongodb: isSystemDatabase,
  dump: (database) => database === "local",
  mysql: () => false,
};

/**
 * Returns the namespaces as a manifest lists them. In an archive of one moment, a namespace that has no one
 * moment gets its own `consistency`.
 */
export function withConsistency(
  namespaces: readonly SourceNamespace[],
  { source, consistency }: Pick<SourceManifest, "source" | "consistency">,
): SourceNamespace[] {
  const isApart = APART[source.kind];
  return namespaces.map((ns) => {
    const { consistency: _, ...rest } = ns;
    return consistency === "snapshot" && isApart(ns.database) ? { ...rest, consistency: "document" } : rest;
  });
}
