import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { runServer } from "./running-server.ts";
import type { Server } from "./server.ts";
import { firstArgs, type SqlInstallation } from "./sql-installation.ts";

/** What MySQL and MariaDB are started with alike. */
export interface SqlServerOptions {
  /** Gets `data/`, `tmp/` and a log; one with data in it is started again as it is. */
  readonly dir: string;
  readonly port?: number;
  readonly bufferPoolMib?: number;
  readonly redoLogMib?: number;
  /** The server's own default when left out. */
  readonly maxAllowedPacketMib?: number;
  /** Options that must be known when the data folder is made, such as `--lower-case-table-names=1`; to be in `extraArgs` too. */
  readonly initialiseArgs?: readonly string[];
  /** Come last, so they win over everything here. */
  readonly extraArgs?: readonly string[];
}

export interface SqlServerRecipe {
  readonly title: string;
  readonly installation: SqlInstallation;
  readonly options: SqlServerOptions;
  readonly logName: string;
  /** The options only this kind of server knows. */
  readonly kindArgs: readonly string[];
}

const defaultBufferPoolMib = 512;
export const defaultRedoLogMib = 1024;

/** Starts a server on an initialised data folder, with durability left at the server's own defaults. */
export async function runSqlServer({
  title,
  installation,
  options,
  logName,
  kindArgs,
}: SqlServerRecipe): Promise<Server> {
  const { dir, port, bufferPoolMib = defaultBufferPoolMib, maxAllowedPacketMib, extraArgs = [] } = options;
  const dataDir = join(dir, "data");
  const tmpDir = join(dir, "tmp");
  await mkdir(tmpDir, { recursive: true });
  const args = [
    ...firstArgs(installation),
    `--datadir=${dataDir}`,
    `--tmpdir=${tmpDir}`,
    "--bind-address=127.0.0.1",
    // A socket's path may have 107 bytes; the server stands in its data folder, so this one is short in every project.
    "--socket=mysql.sock",
    "--pid-file=mysql.pid",
    "--local-infile=ON",
    `--innodb-buffer-pool-size=${bufferPoolMib}M`,
    ...(maxAllowedPacketMib === undefined ? [] : [`--max-allowed-packet=${maxAllowedPacketMib}M`]),
    ...kindArgs,
  ];
  return await runServer({
    title,
    dataDir,
    logFile: join(dir, logName),
    socketPath: join(dataDir, "mysql.sock"),
    clientFolder: installation.clientFolder,
    port,
    command: (chosenPort) => [...installation.serverCommand, ...args, `--port=${chosenPort}`, ...extraArgs],
    url: (chosenPort) => `mysql://root@127.0.0.1:${chosenPort}`,
    async connect(url) {
      const connection = await createConnection({ uri: url, connectTimeout: 2000 });
      await connection.end();
    },
  });
}
