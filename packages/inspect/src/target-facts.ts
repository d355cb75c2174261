import { writeDurably } from "@firebreak/archive";
import {
  applicationIn,
  databaseExists,
  MysqlSession,
  mysqlTarget,
  targetFacts,
  type Application,
} from "@firebreak/mysql";
import { inspectFault, type InspectStep } from "./inspect-faults.ts";

export interface TargetFactsOptions {
  readonly url: string;
  readonly file: string;
  /**
   * The applications whose tables may be there. The facts have the form of the one that is, or of the first
   * one.
   */
  readonly applications: readonly [Application, ...Application[]];
}

/**
 * Writes the facts about a target to a file, for a transform that has no network.
 *
 * The facts are the current columns and keys of its tables and, for an application, its migration, its zones
 * and evidence from its rows. The target is only read. The file is there whole or not at all.
 *
 * @throws {FirebreakError} `target-database` if the URL names no existing database, or an error of mysql.
 */
export async function* inspectTarget({
  url,
  file,
  applications,
}: TargetFactsOptions): AsyncGenerator<InspectStep> {
  const target = mysqlTarget(url);
  const session = await MysqlSession.open(target);
  try {
    const { database, server } = target;
    if (database === undefined || !(await databaseExists(session, database)))
      throw inspectFault("target-database", { server, database });
    const application = (await applicationIn(session, database, applications)) ?? applications[0];
    const facts = await targetFacts(session, database, application);
    // False is the default and is left out, so that 164 tables take a few KB.
    const text = `${JSON.stringify(facts, (_, value: unknown) => (value === false ? undefined : value))}\n`;
    // A file that a transform would refuse is not written.
    application.readFacts(text);
    await writeDurably(file, text);
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
        profile: application.profile,
        ...application.found(facts),
      },
    };
  } finally {
    await session.close();
  }
}
