import type { MysqlTable, SourceNamespace } from "@firebreak/archive";
import type { WrittenRows } from "../write-rows.ts";
import type { TransformEvent } from "../transform-notes.ts";

/** The reasons for quarantine that depend on how the table was made. */
const OF_A_TABLE = ["key-other-type", "key-out-of-range", "key-too-long", "row-too-long"] as const;
export type TableReason = (typeof OF_A_TABLE)[number];

/** The documents of a delta that do not fit a table. A full archive would get another table. */
export interface SetAsideDocuments {
  readonly namespace: string;
  readonly table: string;
  readonly reasons: readonly { readonly reason: TableReason; readonly count: number }[];
}

/** Reports the number of documents that do not fit a table, by reason. Reports nothing if all fit. */
export function* setAsideNote(
  { namespace }: SourceNamespace,
  { table }: MysqlTable,
  written: readonly WrittenRows[],
): Generator<TransformEvent> {
  const reasons = OF_A_TABLE.map((reason) => ({
    reason,
    count: written.reduce((sum, { reasons: own }) => sum + (own[reason] ?? 0), 0),
  })).filter(({ count }) => count > 0);
  const fields: SetAsideDocuments = { namespace, table, reasons };
  if (reasons.length > 0) yield { kind: "note", code: "delta-set-aside", fields: { ...fields } };
}
