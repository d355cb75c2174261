import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findMariadb } from "./find-mariadb.ts";
import { runQuietly } from "./run-quietly.ts";
import type { Server } from "./server.ts";
import { SetUpError } from "./set-up-error.ts";
import { firstArgs, type SqlInstallation } from "./sql-installation.ts";
import { defaultRedoLogMib, runSqlServer, type SqlServerOptions } from "./sql-server.ts";

/** Starts a MariaDB whose root has no password; a new `dir` is initialised first. */
export async function startMariadb(options: SqlServerOptions): Promise<Server> {
  const installation = await findMariadb();
  await mkdir(options.dir, { recursive: true });
  await initialise(installation, options.dir, options.initialiseArgs ?? []);
  return await runSqlServer({
    title: `MariaDB ${installation.version}`,
    installation,
    options,
    logName: "mariadbd.log",
    kindArgs: [`--innodb-log-file-size=${options.redoLogMib ?? defaultRedoLogMib}M`],
  });
}

/** What mariadb-install-db does, without its search for a system's folders. The script is removed when all of it has run. */
async function initialise(
  installation: SqlInstallation,
  dir: string,
  args: readonly string[],
): Promise<void> {
  const dataDir = join(dir, "data");
  const script = join(dir, "initialise.sql");
  if (existsSync(join(dataDir, "mysql")) && !existsSync(script)) return;
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir);
  const parts = ["create database if not exists mysql;\nuse mysql;\nset @auth_root_socket=NULL;\n"];
  for (const name of ["system_tables", "performance_tables", "system_tables_data"])
    parts.push(await readScript(installation.shareFolder, name));
  await writeFile(script, parts.join("\n"));
  // A folder of its own: a server that starts removes what looks like its own leftovers from a shared one.
  const tmpDir = join(dir, "tmp");
  await mkdir(tmpDir, { recursive: true });
  const folders = [`--datadir=${dataDir}`, `--tmpdir=${tmpDir}`];
  await runQuietly(
    [...installation.serverCommand, ...firstArgs(installation), "--bootstrap", ...folders, ...args],
    {
      inputFile: script,
    },
  );
  await rm(script);
}

/** MariaDB 11 gave the scripts its own name. */
async function readScript(folder: string, name: string): Promise<string> {
  const files = [`mariadb_${name}.sql`, `mysql_${name}.sql`].map((file) => join(folder, file));
  const file = files.find((path) => existsSync(path));
  if (file === undefined) {
    const remedy =
      "Install MariaDB's server package whole, or set FIREBREAK_MARIADBD to a mariadbd that has its share folder beside it.";
    throw new SetUpError(`MariaDB's ${name}.sql is not in ${folder}, so no data folder can be made.`, remedy);
  }
  return await readFile(file, "utf8");
}
