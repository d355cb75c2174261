import type { MysqlSession } from "./connect.ts";

/** The scope of a privilege: the whole server, a database, or a table. */
export interface PrivilegeScope {
  readonly database?: string;
  readonly table?: string;
}

interface Grant {
  readonly isRevoked: boolean;
  /** In capitals. */
  readonly privileges: readonly string[];
  /** The scope as SHOW GRANTS spells it: `*.*`, `` `shop`.* ``, `` `shop`.`orders` ``. */
  readonly scope: string;
}

/** The privileges of a session's user, as SHOW GRANTS lists them (manual, 15.7.7.24). */
export class Grants {
  readonly #grants: readonly Grant[];
  /** True if the user has roles. Roles that are not active may hold more privileges than are listed. */
  readonly hasRoles: boolean;

  private constructor(grants: readonly Grant[], hasRoles: boolean) {
    this.#grants = grants;
    this.hasRoles = hasRoles;
  }

  /**
   * Reads the grants of a session's user.
   *
   * @throws {FirebreakError} any `mysql-…` code.
   */
  static async of(session: MysqlSession): Promise<Grants> {
    const lines = (await session.rows<Record<string, string>>("SHOW GRANTS")).map(
      (row) => Object.values(row)[0]!,
    );
    return Grants.read(lines);
  }

  static read(lines: readonly string[]): Grants {
    const grants = lines.map(grantOf);
    return new Grants(
      grants.filter((g) => g !== undefined),
      grants.includes(undefined),
    );
  }

  /**
   * Returns true if one privilege is held for all of a scope. A partial revoke (manual, 8.2.12)
   * takes it away again.
   */
  has(privilege: string, scope: PrivilegeScope): boolean {
    const about = this.#grants.filter(
      (g) => covers(g.scope, scope) && (g.privileges.includes(privilege) || g.privileges.includes(ALL)),
    );
    // A grant on a named database holds whatever was revoked from the grant on all databases.
    const named = about.filter((g) => g.scope !== "*.*" && !g.isRevoked);
    return named.length > 0 || (about.length > 0 && about.every((g) => !g.isRevoked));
  }

  hasAny(privileges: readonly string[], scope: PrivilegeScope): boolean {
    return privileges.some((privilege) => this.has(privilege, scope));
  }
}

const ALL = "ALL PRIVILEGES";

/** Parses a line of SHOW GRANTS. Returns undefined for the grant of a role. */
function grantOf(line: string): Grant | undefined {
  const found = /^(GRANT|REVOKE) (.+?) ON (.+?) (?:TO|FROM) /s.exec(line);
  if (found === null) return undefined;
  const [, verb, privileges = "", scope = ""] = found;
  return {
    isRevoked: verb === "REVOKE",
    privileges: privileges.split(/,\s*/).map((p) => p.trim().toUpperCase()),
    scope,
  };
}

/**
 * Finds the privileges that statements on databases need and the user's grants do not show. Finds none for
 * a user with roles: the statements themselves will tell.
 */
export async function privilegeFindings(
  session: MysqlSession,
  databases: Iterable<string>,
  needed: readonly string[],
): Promise<{ readonly what: "privileges"; readonly database: string; readonly missing: string[] }[]> {
  const grants = await Grants.of(session);
  if (grants.hasRoles) return [];
  return [...databases].flatMap((database) => {
    const missing = needed.filter((privilege) => !grants.has(privilege, { database }));
    return missing.length === 0 ? [] : [{ what: "privileges" as const, database, missing }];
  });
}

function covers(granted: string, { database, table }: PrivilegeScope): boolean {
  if (granted === "*.*") return true;
  if (database === undefined) return false;
  const [, ofDatabase, ofTable] = /^`((?:[^`]|``)*)`\.(?:\*|`((?:[^`]|``)*)`)$/.exec(granted) ?? [];
  if (ofDatabase === undefined) return false;
  const name = ofDatabase.replaceAll("``", "`");
  if (ofTable !== undefined) return name === database && ofTable.replaceAll("``", "`") === table;
  // Grants on databases are patterns: _ and % are wildcards, unless escaped (manual, 15.7.1.6).
  const pattern = name.replace(
    /\\([_%])|[_%]|[.*+?^${}()|[\]]/g,
    (m, escaped: string | undefined) => escaped ?? (m === "_" ? "." : m === "%" ? ".*" : `\\${m}`),
  );
  return new RegExp(`^${pattern}$`, "is").test(database);
}
