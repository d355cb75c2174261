import { noteLink } from "./ledger/chain-entries.ts";
import type { MysqlSession } from "../driver/connect.ts";
import { type LoadOutcome, type LoadPlan, type LoadStage, runStage } from "@firebreak/target";
import { finishStage } from "./tables/finish-tables.ts";
import {
  accountsOf,
  planLoad,
  type PlannedTable,
  quarantinedOf,
  rowsOf,
  targetDatabases,
} from "./load-plan.ts";
import { loadDirectly } from "./tables/load-directly.ts";
import { quarantineNotes, type ToMysqlEvent, type ToMysqlNotes } from "./mysql-load-notes.ts";
import { loadPart, Turn } from "./parts/load-part.ts";
import { mergePart } from "./merge/merge-part.ts";
import { watchMigrations } from "./application/target-facts.ts";
import type { MysqlLoad } from "./mysql-load.ts";
import { partStage } from "./parts/session-stage.ts";
import { loadWork, type LoadWork, type PartWork } from "./parts/part-work.ts";
import type { TargetNote } from "./preflight/findings.ts";
import { preflight } from "./preflight/preflight.ts";
import { prepareTables } from "./tables/prepare-tables.ts";
import { readLedgers } from "./ledger/ledger.ts";
import { refuseUnloaded, replayStage } from "./quarantine/replay-quarantine.ts";
import { settleEngines } from "./tables/settle-engines.ts";

/** The facts about a full archive's load that inspecting the target brought. */
interface FullFacts {
  readonly session: MysqlSession;
  readonly load: MysqlLoad;
  readonly work: LoadWork;
  readonly refuseMigrated: () => Promise<void>;
}

/** Loads a full archive into MySQL. */
export class FullLoad implements LoadPlan<ToMysqlNotes> {
  readonly notes: readonly ToMysqlEvent[];
  readonly #facts: FullFacts;
  #planned: readonly PlannedTable[];
  /** The tables that only their own engine takes. */
  #direct: readonly PlannedTable[] = [];

  private constructor(facts: FullFacts, planned: readonly PlannedTable[], notes: readonly TargetNote[]) {
    this.notes = notes.map((note): ToMysqlEvent => ({ kind: "note", ...note }));
    this.#facts = facts;
    this.#planned = planned;
  }

  static async inspect(session: MysqlSession, load: MysqlLoad, assertHeld: () => void): Promise<FullLoad> {
    const { made, isMerge = false } = load;
    const application = await load.applicationOf?.(made.profile);
    const { ledgers, send, notes } = await preflight(session, made, { isMerge, application });
    const refuseMigrated = await watchMigrations(session, made, application);
    const planned = planLoad(made, session.target.database, ledgers);
    if (load.isReplay) await refuseUnloaded(session, planned);
    const own = { server: session.target.server, send, assertHeld };
    const work = loadWork(load, own, quarantinedOf(planned));
    return new FullLoad({ session, load, work, refuseMigrated }, planned, notes);
  }

  outlook(): ToMysqlEvent[] {
    const parts = this.#planned.reduce((n, t) => n + t.done.length, 0);
    return parts > 0 ? [{ kind: "note", code: "load-resumed", fields: { parts } }] : [];
  }

  async *stages(): AsyncGenerator<LoadStage<ToMysqlNotes>> {
    const { session, load, work } = this.#facts;
    if (load.isReplay) {
      const todo = this.#planned.flatMap(({ database, table, done }) =>
        done
          .filter(({ ledger }) => ledger.quarantinedCount > 0)
          .map(({ part, ledger }) => ({ database, table, part, ledger })),
      );
      yield await replayStage(load.url, work, todo);
      return;
    }
    this.#direct = await prepareTables(session, this.#planned);
    const planned = this.#others;
    const todo = planned.flatMap(({ database, table, todo: parts }) =>
      parts.map((part): PartWork => ({ database, table, part })),
    );
    const items = planned.reduce((sum, t) => sum + rowsOf(t.done), 0);
    const totalItems = items + todo.reduce((sum, { part }) => sum + part.lineCount, 0);
    const turn = new Turn();
    yield partStage(load.url, todo, { stage: "load", items, totalItems }, (own, part, count) =>
      work.isMerge && part.table.isGiven === true
        ? mergePart(own, work, part, count)
        : loadPart(own, work, part, turn, count),
    );
  }

  async *finish(): AsyncGenerator<ToMysqlEvent> {
    const { session, load, work } = this.#facts;
    if (!load.isReplay) {
      yield* runStage(
        finishStage(load.url, this.#others, () => !work.isMerge),
        load.jobs,
        work.assertHeld,
      );
      yield* loadDirectly(session, work, this.#direct);
    }
    const { database } = session.target;
    const ledgers = await readLedgers(session, targetDatabases(load.made, database));
    this.#planned = planLoad(load.made, database, ledgers);
    await settleEngines(session, this.#planned);
  }

  async outcome(): Promise<LoadOutcome<ToMysqlNotes>> {
    const { made, work } = this.#facts.load;
    return {
      notes: quarantineNotes(work, quarantinedOf(this.#planned)),
      accounts: accountsOf(made, this.#planned),
    };
  }

  async end(): Promise<void> {
    const { session, load, refuseMigrated } = this.#facts;
    const { made, select, place } = load;
    await refuseMigrated();
    // A restore is not a link of a chain: its tables may have other names.
    if (select === undefined)
      for (const database of targetDatabases(made, session.target.database))
        await noteLink(session, database, place);
  }

  get #others(): PlannedTable[] {
    return this.#planned.filter((p) => !this.#direct.includes(p));
  }
}
