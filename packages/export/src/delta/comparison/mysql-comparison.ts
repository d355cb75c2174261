import { eachPart, isWithheld, type SourceNamespace } from "@firebreak/archive";
import { mysqlTarget, openReader, type MysqlSession, type SourceSchema } from "@firebreak/mysql";
import { besides } from "../../mysql/besides.ts";
import { exportFault } from "../../export-faults.ts";
import type { Note, ExportEvent } from "../../export-notes.ts";
import { isInSnapshot, mysqlNotes } from "../../mysql/mysql-notes.ts";
import { serverName } from "../../mysql/mysql-source.ts";
import { lossOf } from "../../mysql/snapshot-loss.ts";
import { isUnreadable } from "../../mysql/unread-tables.ts";
import type { UnreadTable } from "../../export-progress.ts";
import { droppedNamespace } from "../changed-namespace.ts";
import { threadsFor } from "./chain-lines.ts";
import { compareTable } from "./compare-table.ts";
import type { DeltaContents, DeltaSource, DeltaTarget } from "../delta-source.ts";
import { openMoment } from "./open-moment.ts";

/**
 * Opens a MySQL or MariaDB server that is compared with a chain, table by table, as it is when the comparison
 * begins.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function openMysqlComparison(url: string, notes: readonly Note[]): Promise<DeltaSource> {
  const session = await openReader(mysqlTarget(url));
  try {
    return {
      by: "comparison",
      place: session.target.server,
      server: await serverName(session),
      notes,
      write: (target) => writeComparison(session, target),
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function* writeComparison(
  session: MysqlSession,
  target: DeltaTarget,
): AsyncGenerator<ExportEvent, DeltaContents> {
  const { known } = target;
  const { server } = session.target;
  const moment = await openMoment(session.target, session, target.filter, threadsFor(target));
  const { pool, schema } = moment;
  try {
    refuseUnseen(schema, known, server);
    yield* mysqlNotes(session, schema, moment);
    const { counters } = pool;
    const tables = schema.tables.map((found, index) => ({
      found,
      index,
      known: known.get(found.namespace),
    }));
    const namespaces: SourceNamespace[] = [];
    const unread: UnreadTable[] = [];
    // One table after the other. The threads share its ranges.
    for await (const outcome of eachPart(tables, 1, (one) =>
      compareTable(moment, one, target).catch((error: unknown) => {
        const fault = lossOf(error, server, one.found.namespace);
        // A table that the chain lacks may be missing in the delta. One that it has would look unchanged.
        if (one.known !== undefined || !isUnreadable(fault)) throw fault;
        const { namespace, database, name } = one.found;
        unread.push({ namespace, database, name, reason: String(fault.fields["reason"]) });
        return undefined;
      }),
    )) {
      if (outcome.kind === "done" && outcome.result !== undefined) namespaces.push(outcome.result);
      yield { kind: "progress", stage: "export", items: counters.items, bytes: counters.bytes };
    }
    const present = new Set(tables.map(({ found }) => found.namespace));
    for (const [namespace, { last }] of known)
      if (!present.has(namespace))
        namespaces.push(await droppedNamespace(target, last, tables.length + namespaces.length));
    return {
      namespaces,
      consistency: schema.tables.every((t) => t.kind === "view" || isInSnapshot(t)) ? "snapshot" : "document",
      position: moment.position.text,
      ...besides(schema, unread),
    };
  } finally {
    await moment.close();
  }
}

/**
 * Refuses the delta if it would list a table as dropped that exists, but cannot be seen or read.
 *
 * @throws {FirebreakError} `delta-unreadable`.
 */
function refuseUnseen(
  { tables, databases, seesTablesOf }: SourceSchema,
  known: DeltaTarget["known"],
  server: string,
): void {
  const present = new Set(tables.map((t) => t.namespace));
  const isUnsure = ({ database, collection }: SourceNamespace): boolean => {
    const { notCarried = [] } = databases.find((d) => d.database === database) ?? {};
    return notCarried.some((n) => isWithheld(n) && n.name === collection) || !seesTablesOf(database);
  };
  const unsure = [...known].filter(
    ([namespace, { last }]) => !present.has(namespace) && isUnsure(last.entry),
  );
  const namespaces = unsure.map(([namespace]) => namespace);
  if (namespaces.length > 0) throw exportFault("delta-unreadable", { server, namespaces });
}
