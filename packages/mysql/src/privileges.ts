import type { MysqlSession } from "./connect.ts";

/** The place that a privilege is asked for: all of the server, a database, or a table. */
export interface PrivilegeScope {
  readonly database?: string;
  readonly table?: string;
}

interface Grant {
  readonly isRevoked: boolean;
  /** In capitals. */
  readonly privileges: readonly string[];
  /** As SHOW GRANTS spells it: `*.*`, `` `shop`.* ``, `` `shop`.`orders` ``. */
  readonly scope: string;
}

/** The privileges of a session's user, as SHOW GRANTS lists them (manual, 15.7.7.24). */
export class Grants {
  readonly #grants: readonly Grant[];
  /** Whether the user has roles: those that are not active may hold more than is listed. */
  readonly hasRoles: boolean;

  private constructor(grants: readonly Grant[], hasRoles: boolean) {
    this.#grants = grants;
    this.hasRoles = hasRoles;
  }

  /** @throws {FirebreakError} of mysql. */
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

  /** Whether one privilege is held for all of a scope. A partial revoke (manual, 8.2.12) takes it away again. */
  has(privilege: string, scope: PrivilegeScope): boolean {
    const about = this.#grants.filter(
      (g) => covers(g.scope, scope) && (g.privileges.includes(privilege) || g.privileges.includes(ALL)),
    );
    // On a database that is named a grant holds whatever was revoked from the one on all of them.
    const named = about.filter((g) => g.scope !== "*.*" && !g.isRevoked);
    return named.length > 0 || (about.length > 0 && about.every((g) => !g.isRevoked));
  }

  hasAny(privileges: readonly string[], scope: PrivilegeScope): boolean {
    return privileges.some((privilege) => this.has(privilege, scope));
  }
}

const ALL = "ALL PRIVILEGES";

/** Undefined for a role that is granted. */
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
 * The privileges that statements on a database need and the user's grants do not
 * show. Of a user with roles nothing is said: the statements will tell.
 */
export async function missingPrivileges(
  session: MysqlSession,
  database: string,
  needed: readonly string[],
): Promise<string[]> {
  const grants = await Grants.of(session);
  return grants.hasRoles ? [] : needed.filter((privilege) => !grants.has(privilege, { database }));
}

function covers(granted: string, { database, table }: PrivilegeScope): boolean {
  if (granted === "*.*") return true;
  if (database === undefined) return false;
  const [, ofDatabase, ofTable] = /^`((?:[^`]|``)*)`\.(?:\*|`((?:[^`]|``)*)`)$/.exec(granted) ?? [];
  if (ofDatabase === undefined) return false;
  const name = ofDatabase.replaceAll("``", "`");
  if (ofTable !== undefined) return name === database && ofTable.replaceAll("``", "`") === table;
  // Grants on databases are patterns: _ and % are wild, unless escaped (manual, 15.7.1.6).
  const pattern = name.replace(
    /\\([_%])|[_%]|[.*+?^${}()|[\]]/g,
    (m, escaped: string | undefined) => escaped ?? (m === "_" ? "." : m === "%" ? ".*" : `\\${m}`),
  );
  return new RegExp(`^${pattern}$`, "is").test(database);
}
