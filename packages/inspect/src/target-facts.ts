import { writeDurably, type StepEvent } from "@firebreak/archive";
import { databaseExists, MysqlSession, mysqlTarget, targetFacts, type Application } from "@firebreak/mysql";
import { inspectFault } from "./inspect-faults.ts";

export interface TargetFactsOptions {
  readonly url: string;
  readonly file: string;
  readonly application: Application;
  /** Reads what is about to be written, as whoever it is for will. */
  readonly read: (text: string) => unknown;
}

/**
 * Writes down what a target is like, for a transform that has no network: columns
 * and keys of its tables as they are now, and of an application's its migration
 * and zones, and what its rows show. Reads
 * only; the file is there whole or not at all.
 *
 * @throws {FirebreakError} `target-database` where the URL names no database that is there, or of mysql.
 */
export async function* inspectTarget({
  url,
  file,
  application,
  read,
}: TargetFactsOptions): AsyncGenerator<StepEvent> {
  const target = mysqlTarget(url);
  const session = await MysqlSession.open(target);
  try {
    const { database, server } = target;
    if (database === undefined || !(await databaseExists(session, database)))
      throw inspectFault("target-database", { server, database });
    const facts = await targetFacts(session, database, application);
    // What is false is so by default: without it 164 tables take a few KB.
    const text = `${JSON.stringify(facts, (_, value: unknown) => (value === false ? undefined : value))}\n`;
    read(text);
    await writeDurably(file, text);
    const { privateTargets, evidence, newestMid } = facts;
    yield {
      kind: "note",
      code: "target-facts-written",
      fields: {
        file,
        bytes: Buffer.byteLength(text),
        server,
        database,
        tables: facts.shapes.reduce((sum, { tables }) => sum + tables.length, 0),
        filled: facts.filled.length,
        flywayVersion: facts.flywayVersion ?? undefined,
        hasApplication: facts.shapes.some(({ tables }) =>
          tables.some((t) => application.sampleOf(t) !== undefined),
        ),
        privateTargets,
        evidence,
        newestMid,
      },
    };
  } finally {
    await session.close();
  }
}
