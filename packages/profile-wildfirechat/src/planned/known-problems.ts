import type { SiteFinding, SiteLook } from "@firebreak/profile";
import type { Known } from "../settings/decisions.ts";
import { flywayVersion, serverTable } from "../target/server-tables.ts";

/** The latest migration of the server that the profile was tried with, 1.2.4. */
const KNOWN_MIGRATION = 54;

/** A known problem of a chat server's versions and settings. Each has a severity of its own. */
export type SiteProblem =
  /** The configuration says that the messages are not in MongoDB, where they were found. */
  | { readonly what: "store-elsewhere"; readonly store: "mysql" | "h2" }
  /** The target's server is newer than the one that the profile was tried with. */
  | { readonly what: "migration-newer"; readonly found: string; readonly known: number }
  /** Tables of messages take a message twice. */
  | { readonly what: "mid-repeats"; readonly tables: readonly string[] }
  /** Collections that are neither messages nor users' documents, as the moments. */
  | { readonly what: "collections-stay"; readonly collections: readonly string[] };

/** Returns the known problems of a site. It only reads. Throws mysql's errors. */
export async function knownProblems(
  { site, options }: Known,
  { session, collections }: SiteLook,
): Promise<SiteFinding[]> {
  const found: SiteFinding[] = [];
  const add = (severity: SiteFinding["severity"], finding: SiteProblem): void =>
    void found.push({ severity, finding });
  const { database } = session.target;
  const kinds = collections.map(({ collection }) => serverTable(collection).kind);
  const store = site?.store;
  if (store !== undefined && store !== "hybrid" && kinds.includes("messages"))
    add("warn", { what: "store-elsewhere", store });
  if (database !== undefined) {
    const migration = await flywayVersion(session, database);
    if (Number(migration) > KNOWN_MIGRATION)
      add("note", { what: "migration-newer", found: migration!, known: KNOWN_MIGRATION });
    const tables = await repeatingTables(session, database);
    if (tables.length > 0) add("note", { what: "mid-repeats", tables });
  }
  const staying = collections.filter((_, i) => kinds[i] === "other").map(({ collection }) => collection);
  if (options.scheme === "hybrid" && staying.length > 0)
    add("note", { what: "collections-stay", collections: staying });
  return found;
}

/** Returns the message tables without a unique key of `_mid` alone. */
async function repeatingTables(session: SiteLook["session"], database: string): Promise<string[]> {
  const tables = await session.rows<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = ? AND column_name = '_mid' ORDER BY name",
    [database],
  );
  const unique = await session.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.statistics WHERE table_schema = ? AND non_unique = 0
      GROUP BY table_name, index_name HAVING COUNT(*) = 1 AND MAX(column_name) = '_mid'`,
    [database],
  );
  const names = new Set(unique.map(({ name }) => name));
  return tables
    .map(({ name }) => name)
    .filter((name) => serverTable(name).kind === "messages" && !names.has(name));
}
