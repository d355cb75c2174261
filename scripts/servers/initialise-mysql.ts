import { cp, mkdir, rename, rm } from "node:fs/promises";
import { runQuietly } from "./run-quietly.ts";
import { firstArgs, type SqlInstallation } from "./sql-installation.ts";

/** Makes the data folder of a new MySQL whose root has no password. It is there when it is whole. */
export async function initialiseMysql(
  installation: SqlInstallation,
  dataDir: string,
  args: readonly string[],
): Promise<void> {
  const partial = `${dataDir}.partial`;
  await rm(partial, { recursive: true, force: true });
  if (installation.newDataDir !== undefined && args.length === 0) {
    await cp(installation.newDataDir, partial, { recursive: true });
  } else {
    await mkdir(partial);
    // The smallest redo log: these files are copied, and the server makes others of the size it is told.
    const initialise = [
      "--initialize-insecure",
      `--datadir=${partial}`,
      "--innodb-redo-log-capacity=8M",
      "--skip-log-bin",
      ...args,
    ];
    await runQuietly([...installation.serverCommand, ...firstArgs(installation), ...initialise]);
    // The server's identity: each copy makes its own.
    await rm(`${partial}/auto.cnf`, { force: true });
  }
  await rename(partial, dataDir);
}
