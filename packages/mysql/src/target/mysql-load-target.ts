import { linesAccount, readMysqlManifest, selectTables, type MysqlManifest } from "@firebreak/archive";
import { knownChain } from "./ledger/chain-entries.ts";
import { MysqlSession, mysqlTarget } from "../driver/connect.ts";
import { TargetLock } from "./target-lock.ts";
import type {
  KnownChain,
  Loadable,
  LoadOutcome,
  LoadPlan,
  LoadTarget,
  OpenTarget,
  TargetCapabilities,
} from "@firebreak/target";
import { DeltaLoad, deltaOutcome } from "./delta/delta-load.ts";
import { FullLoad } from "./full-load.ts";
import { targetDatabases } from "./load-plan.ts";
import type { ToMysqlNotes } from "./mysql-load-notes.ts";
import type { MysqlLoadOptions, MysqlLoad } from "./mysql-load.ts";

const CAPABILITIES: TargetCapabilities = {
  announcesLinks: false,
  locksByWriting: false,
  hasThreads: false,
};

/** A MySQL or MariaDB that can be loaded. It commits the rows of a part and its ledger row together. */
export function mysqlLoadTarget(options: MysqlLoadOptions): LoadTarget<MysqlManifest, ToMysqlNotes> {
  return {
    capabilities: CAPABILITIES,
    transformed: (mysqlFolder) => ({ mysqlFolder }),
    readManifest: readMysqlManifest,
    open: async (request) => {
      const made = selectTables(request.made, options.select);
      const session = await MysqlSession.open(mysqlTarget(options.url));
      return new OpenMysql({ ...options, ...request, made }, session);
    },
  };
}

class OpenMysql implements OpenTarget<ToMysqlNotes> {
  readonly #load: MysqlLoad;
  readonly #session: MysqlSession;
  readonly #databases: readonly string[];
  #lock: TargetLock | undefined;

  constructor(load: MysqlLoad, session: MysqlSession) {
    this.#load = load;
    this.#session = session;
    this.#databases = targetDatabases(load.made, session.target.database);
  }

  get server(): string {
    return this.#session.target.server;
  }

  async knownChains(): Promise<KnownChain[]> {
    const known: KnownChain[] = [];
    for (const database of this.#databases) {
      const own = this.#load.made.tables.filter(
        (t) => (this.#session.target.database ?? t.database) === database,
      );
      const isNew = own.every((t) => t.change === "whole");
      known.push(await knownChain(this.#session, database, this.#load.place, isNew));
    }
    return known;
  }

  goesOn(): boolean {
    return this.#load.isReplay;
  }

  async unchanged(): Promise<LoadOutcome<ToMysqlNotes>> {
    const { made, place } = this.#load;
    return place.base === undefined
      ? { notes: [], accounts: made.namespaces.map(linesAccount) }
      : deltaOutcome(this.#session, this.#load);
  }

  async inspect(verdict: Loadable): Promise<LoadPlan<ToMysqlNotes>> {
    const assertHeld = (): void => this.assertHeld();
    return this.#load.place.base === undefined
      ? FullLoad.inspect(this.#session, this.#load, assertHeld)
      : DeltaLoad.inspect(this.#session, this.#load, assertHeld, verdict.what === "in");
  }

  async lock(): Promise<void> {
    this.#lock = await TargetLock.take(this.#session.target, this.#databases);
  }

  assertHeld(): void {
    this.#lock?.assertHeld();
  }

  explain(error: unknown): unknown {
    return error;
  }

  async close(): Promise<void> {
    await this.#session.close();
    await this.#lock?.release();
  }
}
