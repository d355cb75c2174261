import {
  RowReader,
  SourceLock,
  sourcePosition,
  sourceSchema,
  type MysqlSession,
  type MysqlTarget,
  type SourceSchema,
} from "@firebreak/mysql";
import { namespaceTest, type NamespaceFilter } from "@firebreak/archive";
import { exportFault } from "../../export-faults.ts";
import { redefined } from "../../mysql/redefined.ts";

/** One moment of a server, seen over one connection. Close the reader when done. */
export interface Moment {
  readonly reader: RowReader;
  readonly schema: SourceSchema;
  /** Undefined if the user may not see it, or if it is uncertain. */
  readonly position: string | undefined;
}

/**
 * Begins to read a server as it is now. One connection sees one moment even without a lock. The lock serves
 * to know that moment, and to cover tables of engines without snapshots.
 *
 * @throws {FirebreakError} of mysql; `source-redefined` if something was created, altered or dropped at that
 * moment.
 */
export async function openMoment(
  target: MysqlTarget,
  session: MysqlSession,
  filter: NamespaceFilter,
): Promise<Moment> {
  const isWanted = namespaceTest(filter);
  const before = await sourceSchema(session, isWanted);
  const lock = await SourceLock.take(
    target,
    before.tables.filter((t) => t.kind === "table"),
  );
  let reader: RowReader | undefined;
  try {
    const position = await sourcePosition(session);
    reader = await RowReader.open(target);
    const after = await sourcePosition(session);
    await lock.release();
    const schema = await sourceSchema(session, isWanted);
    const changed = redefined(before, schema);
    if (changed !== undefined)
      throw exportFault("source-redefined", { server: target.server, name: changed });
    const isSure = lock.kind !== "none" || (position.proof === after.proof && position.text === after.text);
    return { reader, schema, position: isSure ? position.text : undefined };
  } catch (error) {
    await lock.release().catch(() => undefined);
    await reader?.close();
    throw error;
  }
}
