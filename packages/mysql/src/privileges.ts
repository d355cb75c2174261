import type { MysqlSession } from "./connect.ts";

/** The privileges that statements on a database need and the user's grants do not show. */
export async function missingPrivileges(
  session: MysqlSession,
  database: string,
  needed: readonly string[],
): Promise<string[]> {
  const grants = (await session.rows<Record<string, string>>("SHOW GRANTS")).map(
    (row) => Object.values(row)[0]!,
  );
  const held = new Set<string>();
  for (const grant of grants) {
    const found = /^GRANT (.+?) ON (.+?) TO /s.exec(grant);
    // A role's own grants are listed only when it is active; with one that cannot be seen through, the statements will tell.
    if (found === null) return [];
    const [, privileges = "", scope = ""] = found;
    if (!covers(scope, database)) continue;
    for (const privilege of privileges.split(/,\s*/)) held.add(privilege.trim().toUpperCase());
  }
  return held.has("ALL PRIVILEGES") ? [] : needed.filter((p) => !held.has(p));
}

function covers(scope: string, database: string): boolean {
  if (scope === "*.*") return true;
  const name = /^`((?:[^`]|``)*)`\.\*$/.exec(scope)?.[1]?.replaceAll("``", "`");
  if (name === undefined) return false;
  // Grants on databases are patterns: _ and % are wild, unless escaped (manual, 15.7.1.6).
  const pattern = name.replace(
    /\\([_%])|[_%]|[.*+?^${}()|[\]]/g,
    (m, escaped: string | undefined) => escaped ?? (m === "_" ? "." : m === "%" ? ".*" : `\\${m}`),
  );
  return new RegExp(`^${pattern}$`, "is").test(database);
}
