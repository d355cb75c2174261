import type { Column, ReadLine } from "@firebreak/archive";
import type {
  LineMapper,
  MappedLine,
  PossibleDuplicate,
  ProfileLookup,
  ProfileNamespace,
  TargetRow,
} from "@firebreak/transform";
import { messageIdentity } from "../collapse.ts";
import { integerOf } from "./field-value.ts";
import { messageGatherer, userMessageGatherer, lineValues, type MessageDocument } from "../rows/gather.ts";
import { shardOf } from "./hybrid-survey.ts";
import { headOfText } from "./message-head.ts";
import { isInt64 } from "./message-id.ts";
import { MESSAGE_TABLE_COUNT } from "../target/server-tables.ts";
import { MessageToRow } from "../rows/message-to-row.ts";
import type { RowOutcome } from "../outcome.ts";
import { cellOf } from "../target/table-columns.ts";
import { MESSAGES, type RowsData } from "../rows/row-plan.ts";
import { UserMessageToRow } from "../rows/user-message-to-row.ts";
import { clockOf } from "../settings/zone-clock.ts";

type Mapped = MappedLine<TargetRow>;

/** The result for a line that text cannot express: a name occurs twice, or text is not UTF-8. */
const MALFORMED: Mapped = { kind: "quarantine", reason: "document-malformed", field: "" };

/** Makes rows from the lines of a hybrid's `t_messages_N`. */
export class MessageRowMapper implements LineMapper<TargetRow> {
  readonly #gather: ReturnType<typeof messageGatherer>;
  readonly #toRow: MessageToRow;
  readonly #shard: number;
  readonly #columns: RowsData["columns"];

  constructor(data: RowsData, { collection }: ProfileNamespace) {
    const { names, plan, horizon, privateForm } = data;
    this.#gather = messageGatherer(names);
    this.#shard = shardOf(collection);
    this.#columns = data.columns;
    this.#toRow = new MessageToRow({
      plans: plan.messages,
      names: names.messages,
      jvmZone: clockOf(data.jvmZone),
      jdbcZone: clockOf(data.jdbcZone),
      privateForm,
      horizon,
    });
  }

  keyOf(read: ReadLine): bigint | undefined {
    const values = lineValues(read);
    const id = values === undefined ? undefined : integerOf(this.#gather(values).id);
    return id !== undefined && isInt64(id) ? id : undefined;
  }

  map(read: ReadLine): Mapped {
    const values = lineValues(read);
    if (values === undefined) return MALFORMED;
    const document = this.#gather(values);
    const outcome = this.#toRow.map(document, this.#shard);
    const mapped = mappedRow(outcome, 0, this.#columns);
    return mapped.kind === "skipped" ? mapped : { ...mapped, duplicate: duplicateOf(document, outcome) };
  }
}

/** Returns the rank of a copy: one in the right place stays, and one that makes no row comes last. */
function duplicateOf(
  { id, from, type, target }: MessageDocument,
  { kind }: RowOutcome,
): PossibleDuplicate | undefined {
  const key = integerOf(id);
  const ownType = integerOf(type);
  if (key === undefined || typeof from !== "string" || ownType === undefined || typeof target !== "string")
    return undefined;
  const rank = kind === "row" ? 2n : kind === "moved" ? 1n : 0n;
  return { key: String(key), identity: messageIdentity(from, ownType, target), rank };
}

/** Makes rows from the lines of a hybrid's `t_user_messages_N`. */
export class UserMessageRowMapper implements LineMapper<TargetRow> {
  readonly #gather: ReturnType<typeof userMessageGatherer>;
  readonly #toRow: UserMessageToRow;
  readonly #shard: number;
  readonly #columns: RowsData["columns"];
  readonly #lookup: ProfileLookup;
  readonly #horizon: bigint | undefined;

  constructor(data: RowsData, { collection }: ProfileNamespace, lookup: ProfileLookup) {
    const { names, plan, horizon } = data;
    this.#horizon = horizon;
    this.#gather = userMessageGatherer(names);
    this.#shard = shardOf(collection);
    this.#columns = data.columns;
    this.#lookup = lookup;
    this.#toRow = new UserMessageToRow({
      plans: plan.userMessages,
      names: names.userMessages,
      sessionZone: clockOf(data.sessionZone),
      horizon,
    });
  }

  /** MySQL accepts several entries with the same `_seq`, as MongoDB does. */
  keyOf(): undefined {
    return undefined;
  }

  map(read: ReadLine): Mapped {
    const values = lineValues(read);
    if (values === undefined) return MALFORMED;
    const document = this.#gather(values);
    const wanted = this.#toRow.wantedMessage(document);
    // If several messages have this id, nothing shows which one belongs to the entry.
    const [head, another] = wanted === undefined ? [] : this.#lookup.find(MESSAGES, wanted);
    const message = head === undefined || another !== undefined ? undefined : headOfText(head);
    const mapped = mappedRow(
      this.#toRow.map(document, this.#shard, message),
      MESSAGE_TABLE_COUNT,
      this.#columns,
    );
    const mid = integerOf(document.mid);
    const isAsking = wanted === undefined && mid !== undefined && isInt64(mid);
    if (mapped.kind === "skipped" || !isAsking || this.#lookup.has(MESSAGES, mid)) return mapped;
    const remark = absentRemark(mid, this.#horizon);
    return remark === undefined ? mapped : { ...mapped, remarks: [...(mapped.remarks ?? []), remark] };
  }
}

/** Returns the remark of a user's document that needs nothing of its message, if there is no such message. */
export function absentRemark(mid: bigint, horizon: bigint | undefined): string | undefined {
  return horizon !== undefined && mid < horizon ? undefined : "message-absent";
}

/** @param firstTable the position in the plan of the table for shard 0. */
function mappedRow(outcome: RowOutcome, firstTable: number, columns: readonly (readonly Column[])[]): Mapped {
  if (outcome.kind === "quarantine" || outcome.kind === "skipped") return outcome;
  const target = firstTable + outcome.shard;
  const cells: (string | null)[] = [];
  for (const [i, value] of outcome.row.entries()) {
    const column = columns[target]![i]!;
    const cell = cellOf(column, value);
    if (cell === undefined) return { kind: "quarantine", reason: "date-out-of-range", field: column.name };
    cells.push(cell);
  }
  const remarks = outcome.kind === "moved" ? [...outcome.remarks, "moved"] : outcome.remarks;
  return { kind: "mapped", outputs: [{ target, cells }], remarks };
}
