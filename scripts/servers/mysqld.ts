import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { findMysql } from "./find-mysql.ts";
import { initialiseMysql } from "./initialise-mysql.ts";
import type { Server } from "./server.ts";
import { defaultRedoLogMib, runSqlServer, type SqlServerOptions } from "./sql-server.ts";

export interface MysqlOptions extends SqlServerOptions {
  /** MySQL writes a binary log unless told not to; a bulk load then needs the disk twice. Off here unless set. */
  readonly hasBinaryLog?: boolean;
}

/** Starts a MySQL whose root has no password; a new `dir` is initialised first. */
export async function startMysql(options: MysqlOptions): Promise<Server> {
  const installation = await findMysql();
  const { dir, redoLogMib = defaultRedoLogMib, hasBinaryLog = false, initialiseArgs = [] } = options;
  await mkdir(dir, { recursive: true });
  const dataDir = join(dir, "data");
  if (!existsSync(dataDir)) await initialiseMysql(installation, dataDir, initialiseArgs);
  return await runSqlServer({
    title: `MySQL ${installation.version}`,
    installation,
    options,
    logName: "mysqld.log",
    kindArgs: [
      "--mysqlx=OFF",
      // The packaged default is a folder that an unpacked server does not have.
      "--secure-file-priv=NULL",
      `--innodb-redo-log-capacity=${redoLogMib}M`,
      ...(hasBinaryLog ? [] : ["--skip-log-bin"]),
    ],
  });
}
