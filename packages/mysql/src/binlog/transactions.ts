import type { LogEvent } from "./log-events.ts";

/** The changes that one transaction of a log made. */
export interface LoggedTransaction {
  readonly begin: LogEvent;
  /** The tables whose rows it changed, each as `database.table`, which is ambiguous if a name has a point. */
  readonly tables: ReadonlySet<string>;
  /** The first event that may change anything and does not say in which table, if there is one. */
  readonly unclear: LogEvent | undefined;
  /** Its last event; undefined while it is being written. */
  readonly end: LogEvent | undefined;
}

const BEGINS = /^(Gtid|Anonymous_Gtid|Gtid_tagged)$/;
const ROWS = /^(Write|Update|Delete)_rows(_v1|_partial)?$/;
/** Events that change nothing. A comment of the statement that made row events is one, too. */
const SILENT =
  /^(Format_desc|Previous_gtids|Gtid_list|Binlog_checkpoint|Start_encryption|Rotate|Stop|Heartbeat|Annotate_rows|Rows_query|Ignorable|View_change|Transaction_context)$/;
const BOUNDS = /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT\s.*|RELEASE SAVEPOINT\s.*|ROLLBACK TO\s.*)$/is;
const ENDS = /^(COMMIT|ROLLBACK)$/i;

/**
 * Groups the events of a log by transaction. Whatever is not known to be harmless makes a transaction unclear:
 * statements, compressed payloads, XA, kinds of events that later versions may have.
 */
export async function* transactionsOf(events: AsyncIterable<LogEvent>): AsyncGenerator<LoggedTransaction> {
  let open: { begin: LogEvent; tables: Set<string>; unclear: LogEvent | undefined } | undefined;
  for await (const event of events) {
    if (SILENT.test(event.type)) continue;
    if (BEGINS.test(event.type)) {
      if (open !== undefined) yield { ...open, end: undefined };
      open = { begin: event, tables: new Set(), unclear: undefined };
      continue;
    }
    open ??= { begin: event, tables: new Set(), unclear: undefined };
    const isBound = event.type === "Query" && BOUNDS.test(event.info);
    if (event.type === "Table_map") open.tables.add(tableOf(event.info));
    else if (!ROWS.test(event.type) && event.type !== "Xid" && !isBound) open.unclear ??= event;
    const isStatement = event.type === "Query" && !isBound && open.tables.size === 0;
    if (event.type !== "Xid" && !isStatement && !(isBound && ENDS.test(event.info))) continue;
    yield { ...open, end: event };
    open = undefined;
  }
  if (open !== undefined) yield { ...open, end: undefined };
}

/** Returns `database.table` of `table_id: 18 (database.table)`. */
function tableOf(info: string): string {
  return /^table_id: \d+ \((.*)\)$/s.exec(info)?.[1] ?? info;
}
