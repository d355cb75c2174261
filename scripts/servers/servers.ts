import { join } from "node:path";
import { startMariadb } from "./mariadbd.ts";
import { startMongod } from "./mongod.ts";
import { startMysql } from "./mysqld.ts";
import { onEndingSignal } from "./ending-signals.ts";
import { createRunFolder, type RunFolder } from "./run-folder.ts";
import type { Server } from "./server.ts";

export type ServerName = "mongodb-rs" | "mongodb-standalone" | "mysql" | "mariadb";

export type Servers<Name extends ServerName> = Readonly<Record<Name, Server>> & {
  /** Ends every server of this set and removes its folder. A second call waits for the first. */
  readonly stopAll: () => Promise<void>;
};

const starters = {
  "mongodb-rs": (dir) => startMongod({ dir, replicaSet: "rs0" }),
  "mongodb-standalone": (dir) => startMongod({ dir }),
  mysql: (dir) => startMysql({ dir }),
  mariadb: (dir) => startMariadb({ dir }),
} as const satisfies Record<ServerName, (dir: string) => Promise<Server>>;

/**
 * Starts the named servers side by side, with their data in a new folder under `.servers/`.
 *
 * SIGINT, SIGTERM and SIGHUP end them, remove the folder and end this process;
 * any other end of this process, `kill -9` too, ends them as well.
 *
 * @throws SetUpError when one cannot be had or does not start; the others are ended before.
 */
export async function startServers<Name extends ServerName>(names: readonly Name[]): Promise<Servers<Name>> {
  const started = await startEach(names);
  for (const name of names) {
    const outcome = started.outcomes[name];
    if (outcome instanceof Error) {
      await started.stopAll();
      throw outcome;
    }
  }
  return { ...(started.outcomes as Record<Name, Server>), stopAll: started.stopAll };
}

export interface StartedEach<Name extends ServerName> {
  readonly outcomes: Readonly<Record<Name, Server | Error>>;
  /** The run's own folder, which goes with the servers. */
  readonly folder: string;
  readonly stopAll: () => Promise<void>;
}

/** As `startServers`, but a server that cannot be had is an error in its place and the others go on. */
export async function startEach<Name extends ServerName>(names: readonly Name[]): Promise<StartedEach<Name>> {
  const folder = await createRunFolder();
  const servers: Server[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = (): Promise<void> => (stopping ??= endAll(servers, folder));
  onEndingSignal(stopAll);
  const outcomes = await Promise.all(
    names.map(async (name) => {
      try {
        const server = await starters[name](join(folder.path, name));
        servers.push(server);
        // It became ready while the others were being ended.
        if (stopping) await server.kill();
        return [name, server] as const;
      } catch (error) {
        return [name, error instanceof Error ? error : new Error(String(error))] as const;
      }
    }),
  );
  return {
    outcomes: Object.fromEntries(outcomes) as Record<Name, Server | Error>,
    folder: folder.path,
    stopAll,
  };
}

async function endAll(servers: readonly Server[], folder: RunFolder): Promise<void> {
  // The data goes with the servers, so an orderly shutdown would only cost time.
  await Promise.all(servers.map((server) => server.kill()));
  await folder.remove();
}
