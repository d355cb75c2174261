import {
  linesAccount,
  readMysqlManifest,
  selectTables,
  type MysqlManifest,
  type TableSelection,
} from "@firebreak/archive";
import { knownChain } from "./ledger/chain-entries.ts";
import { MysqlSession, mysqlTarget } from "../driver/connect.ts";
import { TargetLock } from "./target-lock.ts";
import type { Application } from "./application/application.ts";
import type {
  KnownChain,
  Loadable,
  LoadOutcome,
  LoadPlan,
  LoadRequest,
  LoadTarget,
  OpenTarget,
  TargetCapabilities,
} from "@firebreak/target";
import { DeltaLoad, deltaOutcome } from "./delta/delta-load.ts";
import { FullLoad } from "./full-load.ts";
import { targetDatabases } from "./load-plan.ts";
import type { ToMysqlNotes } from "./mysql-load-notes.ts";

/** The options of a load that only MySQL has. */
export interface MysqlLoadOptions {
  readonly url: string;
  /** Merges rows into an application's own tables: rows of others may exist there, and are compared. */
  readonly isMerge?: boolean;
  /** Finds the application of a profile, for rows of the application's own tables. */
  readonly applicationOf?: ((profile: string) => Promise<Application | undefined>) | undefined;
  /** The user agrees to the statements by which a delta makes room in tables. */
  readonly mayAlter?: boolean;
  /**
   * The tables to load, and their place, if the load is part of a larger task. By default all tables, to the
   * place that the manifest names.
   */
  readonly select?: TableSelection | undefined;
}

/** A load into MySQL, with all that it needs. */
export type MysqlLoad = MysqlLoadOptions & LoadRequest<MysqlManifest>;

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
