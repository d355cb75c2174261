import { killPoint } from "@firebreak/archive";
import { createLedger, ledgerOfTable, type Ledgers, readLedgers } from "../ledger/ledger.ts";
import { noteLink } from "../ledger/chain-entries.ts";
import { ledgerName } from "../ledger/ledger-name.ts";
import { tableName } from "../../driver/server-facts.ts";
import type { Application } from "../application/application.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { type LoadOutcome, type LoadPlan, type LoadStage, runStage } from "@firebreak/target";
import { needsOwnEngine } from "../tables/create-table.ts";
import { finishStage } from "../tables/finish-tables.ts";
import { deltaFault, type Finding, loadFault } from "../load-faults.ts";
import { quarantineNotes, type ToMysqlEvent, type ToMysqlNotes } from "../mysql-load-notes.ts";
import { targetDatabases } from "../load-plan.ts";
import { watchMigrations } from "../application/target-facts.ts";
import type { MysqlLoad } from "../mysql-load.ts";
import { loadWork, type LoadWork } from "../parts/part-work.ts";
import { replayStage } from "../quarantine/replay-quarantine.ts";
import { leaveEngine, settleEngines } from "../tables/settle-engines.ts";
import { alterTables } from "./alter-tables.ts";
import { changeStage } from "./change-table.ts";
import { deltaAccounts } from "./delta-account.ts";
import { type DeltaTable, planDelta } from "./delta-plan.ts";
import { type DeltaPreflight, inspectDelta } from "./delta-preflight.ts";
import { finishedTables, renewTables } from "./renew-tables.ts";

/** The facts about a delta's load that inspecting the target brought. */
interface DeltaFacts {
  readonly session: MysqlSession;
  readonly load: MysqlLoad;
  readonly work: LoadWork;
  readonly found: DeltaPreflight;
  readonly ledgers: Ledgers;
  readonly planned: readonly DeltaTable[];
  readonly application: Application | undefined;
}

/** Returns the outcome of a delta by the ledgers, whoever loaded it. */
export async function deltaOutcome(
  session: MysqlSession,
  { made, place, work }: MysqlLoad,
): Promise<LoadOutcome<ToMysqlNotes>> {
  const ledgers = await readLedgers(session, targetDatabases(made, session.target.database));
  const planned = planDelta(made, place, session.target.database, ledgers);
  return {
    notes: quarantineNotes(work, quarantinedIn(ledgers)),
    accounts: deltaAccounts(made, planned, place),
  };
}

/**
 * Applies a delta to a MySQL or MariaDB that has the links before it, each table exactly once. The ledger
 * names the newest link of each database; the entry of this delta is written when all its tables are in.
 */
export class DeltaLoad implements LoadPlan<ToMysqlNotes> {
  readonly notes: readonly ToMysqlEvent[];
  readonly #facts: DeltaFacts;
  #refuseMigrated: () => Promise<void> = async () => {};

  private constructor(facts: DeltaFacts) {
    this.#facts = facts;
    const { load, found } = facts;
    this.notes = load.isReplay ? [] : found.notes.map((note): ToMysqlEvent => ({ kind: "note", ...note }));
  }

  /** @param isIn true if the delta is in, as a replay needs it. */
  static async inspect(
    session: MysqlSession,
    load: MysqlLoad,
    assertHeld: () => void,
    isIn: boolean,
  ): Promise<DeltaLoad> {
    const { made, place, isReplay } = load;
    const { server, database } = session.target;
    const ledgers = await readLedgers(session, targetDatabases(made, database));
    if (isReplay && !isIn) {
      const findings: Finding[] = [{ what: "delta-unloaded", number: place.number }];
      throw loadFault("load-refused", { server, findings });
    }
    const planned = planDelta(made, place, database, ledgers);
    const application = isReplay ? undefined : await load.applicationOf?.(made.profile);
    const found = await inspectDelta(session, made, isReplay ? [] : planned, load.work, {
      application,
      hasOnlyOurs: [...ledgers.values()].flat().every((r) => r.presentCount === undefined),
    });
    const own = { server, send: found.send, assertHeld };
    const work = loadWork({ ...load, isMerge: false }, own, quarantinedIn(ledgers));
    return new DeltaLoad({ session, load, work, found, ledgers, planned, application });
  }

  outlook(): ToMysqlEvent[] {
    const { load, found, ledgers } = this.#facts;
    if (!load.isDryRun) return [];
    const statements = found.toAlter.flatMap((t) => t.statements);
    return [
      ...statements.map((statement): ToMysqlEvent => ({
        kind: "note",
        code: "table-to-alter",
        fields: { statement },
      })),
      ...quarantineNotes(load.work, quarantinedIn(ledgers)),
    ];
  }

  async *stages(): AsyncGenerator<LoadStage<ToMysqlNotes> | ToMysqlEvent> {
    const { session, load, work, planned } = this.#facts;
    if (load.isReplay) {
      yield await this.#replayStage();
      return;
    }
    yield* this.#begin();
    yield await changeStage(session, load.url, work, planned);
    yield await renewTables(session, load.url, work, planned);
  }

  async *finish(): AsyncGenerator<ToMysqlEvent> {
    const { session, load, work, planned } = this.#facts;
    if (load.isReplay) return;
    const ledgers = await readLedgers(session, this.#databases);
    const finished = finishedTables(planned, load.place, ledgers);
    const filled = new Set(planned.flatMap(({ way, table }) => (way === "changed" ? [] : [table])));
    const stage = finishStage(load.url, finished, (table) => filled.has(table));
    yield* runStage(stage, load.jobs, work.assertHeld);
    const refusing = new Set(
      [...ledgers].flatMap(([database, rows]) =>
        rows.filter((r) => r.quarantinedCount > 0).map((r) => tableName(database, r.table)),
      ),
    );
    await settleEngines(
      session,
      finished.filter((t) => !refusing.has(tableName(t.database, t.table.table))),
    );
  }

  async end(): Promise<void> {
    const { session, load, work } = this.#facts;
    if (load.isReplay) return;
    await this.#refuseMigrated();
    killPoint("tables-finished");
    for (const database of this.#databases) {
      work.assertHeld();
      await noteLink(session, database, load.place);
    }
  }

  async outcome(): Promise<LoadOutcome<ToMysqlNotes>> {
    return deltaOutcome(this.#facts.session, this.#facts.load);
  }

  /** Returns the stage for the quarantine of the chain's tables, whichever link it is from. */
  #replayStage(): Promise<LoadStage<ToMysqlNotes>> {
    const { session, load, work, ledgers } = this.#facts;
    const ledgerOf = ledgerOfTable(ledgers);
    const todo = load.made.tables.flatMap((table) => {
      const database = session.target.database ?? table.database;
      const refused = ledgerOf(database, table.table).filter((r) => r.quarantinedCount > 0);
      // A part in quarantine is known by the ledger's own name, whichever link it is of.
      return refused.map((ledger) => {
        return { database, table, part: { file: ledgerName(ledger.subject) }, ledger };
      });
    });
    return replayStage(load.url, work, todo);
  }

  async *#begin(): AsyncGenerator<ToMysqlEvent> {
    const { session, load, planned, application } = this.#facts;
    const { mayAlter, place } = load;
    const { toAlter } = this.#facts.found;
    const altered = toAlter.map(({ plan, statements }) => ({ table: plan.table.table, statements }));
    if (altered.length > 0 && mayAlter !== true)
      throw deltaFault("delta-alter", { server: session.target.server, tables: altered });
    const done = planned.filter((t) => t.isNoted).length;
    const resumed = { number: place.number, tables: done };
    if (done > 0) yield { kind: "note", code: "delta-resumed", fields: resumed };
    const tables = { tables: planned.map((t) => t.table) };
    this.#refuseMigrated = await watchMigrations(session, tables, application);
    await refuseDirect(session, planned);
    for (const database of this.#databases) await createLedger(session, database);
    for (const { database, table, way, isNoted } of planned)
      if (way === "changed" && !isNoted && table.own?.createInEngine !== undefined)
        await leaveEngine(session, database, table);
    yield* alterTables(session, toAlter);
  }

  get #databases(): string[] {
    return targetDatabases(this.#facts.load.made, this.#facts.session.target.database);
  }
}

/** Refuses tables that the delta brings as a whole and that only their own engine takes. */
async function refuseDirect(session: MysqlSession, planned: readonly DeltaTable[]): Promise<void> {
  const findings: Finding[] = [];
  for (const { database, table, way, isNoted } of planned)
    if (way === "renewed" && !isNoted && (await needsOwnEngine(session, database, table)))
      findings.push({ what: "delta-direct", table: table.table, engine: table.own!.engine });
  if (findings.length > 0) throw loadFault("load-refused", { server: session.target.server, findings });
}

function quarantinedIn(ledgers: Ledgers): number {
  return [...ledgers.values()].flat().reduce((sum, r) => sum + r.quarantinedCount, 0);
}
