import { distributionEntry } from "./apt-sources.ts";
import { SetUpError } from "./set-up-error.ts";
import { cachedSqlServer, findOwnSqlServer, type SqlInstallation } from "./sql-installation.ts";

const remedy =
  "Install MariaDB 10.6 or later so that mariadbd is on PATH, or set FIREBREAK_MARIADBD to its path.";

let found: Promise<SqlInstallation> | undefined;

/** A MariaDB of 10.6 or later: FIREBREAK_MARIADBD, else PATH, else the cached one, fetched when needed. */
export function findMariadb(): Promise<SqlInstallation> {
  return (found ??= find());
}

async function find(): Promise<SqlInstallation> {
  const own = await findOwnSqlServer({
    variable: "FIREBREAK_MARIADBD",
    serverNames: ["mariadbd"],
    clientName: "mariadb",
    needs: "MariaDB 10.6 or later",
    versionIn,
    isClient: (output) => output.includes("MariaDB"),
  });
  if (own) return own;
  const entry = await distributionEntry();
  if (entry === undefined) {
    throw new SetUpError("There is no MariaDB on PATH, and none to fetch for this system.", remedy);
  }
  return await cachedSqlServer({
    cacheName: "mariadb-1",
    title: "MariaDB",
    entry,
    packages: ["mariadb-server-core", "mariadb-client-core"],
    lonePackages: ["mariadb-client"],
    server: "usr/sbin/mariadbd",
    clients: ["mariadb", "mariadb-dump"],
    remedy,
    versionIn,
  });
}

function versionIn(output: string): string | undefined {
  const version = /Ver (\d+\.\d+\.\d+)-MariaDB/.exec(output)?.[1];
  if (version === undefined) return undefined;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 10 || (major === 10 && minor >= 6) ? version : undefined;
}
