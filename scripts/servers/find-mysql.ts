import { existsSync } from "node:fs";
import { distributionEntry, readOsRelease, type AptEntry } from "./apt-sources.ts";
import { initialiseMysql } from "./initialise-mysql.ts";
import { cachedSqlServer, findOwnSqlServer, type SqlInstallation } from "./sql-installation.ts";
import { SetUpError } from "./set-up-error.ts";

const remedy =
  "Install MySQL 8.0.17 or later so that mysqld is on PATH, or set FIREBREAK_MYSQLD to its path.";

let found: Promise<SqlInstallation> | undefined;

/** A MySQL (not MariaDB) of 8.0.17 or later: FIREBREAK_MYSQLD, else PATH, else the cached one, fetched when needed. */
export function findMysql(): Promise<SqlInstallation> {
  return (found ??= find());
}

async function find(): Promise<SqlInstallation> {
  const own = await findOwnSqlServer({
    variable: "FIREBREAK_MYSQLD",
    serverNames: ["mysqld"],
    clientName: "mysql",
    needs: "MySQL 8.0.17 or later",
    versionIn,
    isClient: (output) => /^\S*mysql\s+Ver/.test(output) && !output.includes("MariaDB"),
  });
  if (own) return own;
  const { entry, packages } = await packagesOf();
  return await cachedSqlServer({
    cacheName: "mysql-1",
    title: "MySQL",
    entry,
    packages,
    server: "usr/sbin/mysqld",
    clients: ["mysql", "mysqldump", "mysqladmin", "mysqlbinlog"],
    remedy,
    versionIn,
    // Initialising takes seconds, copying what was initialised once does not.
    makeDataDir: (installation, dataDir) => initialiseMysql(installation, dataDir, []),
  });
}

/** Debian has MySQL in its development suite only; Ubuntu has it in every release. */
async function packagesOf(): Promise<{ entry: AptEntry; packages: readonly string[] }> {
  const [{ id }, entry] = await Promise.all([readOsRelease(), distributionEntry()]);
  if (entry !== undefined && id === "ubuntu")
    return { entry, packages: ["mysql-server-core-8.0", "mysql-client-core-8.0"] };
  const signedBy = "/usr/share/keyrings/debian-archive-keyring.gpg";
  if (entry !== undefined && id === "debian" && existsSync(signedBy)) {
    const sid = { uri: entry.uri, suites: ["sid"], components: ["main"], signedBy };
    return { entry: sid, packages: ["mysql-server-core", "mysql-client-core"] };
  }
  throw new SetUpError("There is no MySQL on PATH, and none to fetch for this system.", remedy);
}

function versionIn(output: string): string | undefined {
  const version = /Ver (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (version === undefined || output.includes("MariaDB")) return undefined;
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return major > 8 || (major === 8 && (minor > 0 || patch >= 17)) ? version : undefined;
}
