import type { UserMessageDocument } from "./gather.ts";
import type { FieldNames } from "../documents/field-names.ts";
import { integerOf, type FieldValue } from "../documents/field-value.ts";
import { RECALLED, type MessageHead } from "../documents/message-head.ts";
import { isInt64 } from "../documents/message-id.ts";
import { setDatetime } from "./message-to-row.ts";
import { quarantined, type RowOutcome } from "../outcome.ts";
import { RowBuilder } from "./row-builder.ts";
import { KNOWN_COLUMNS, type RowPlan } from "./row-plan.ts";
import { userShard } from "../target/server-tables.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";

export interface UserMessageToRowSettings {
  readonly plans: readonly RowPlan[];
  readonly names: FieldNames["userMessages"];
  /** The zone of the MySQL server's sessions, in which its NOW() is. */
  readonly sessionZone: ZoneClock;
  readonly horizon: bigint | undefined;
}

/** Fields that came late, and their columns. The message has all of them too. */
const FROM_MESSAGE = [
  ["type", "_type"],
  ["line", "_line"],
  ["target", "_target"],
  ["contentType", "_cont_type"],
] as const;

/** Makes rows of `t_user_messages_N` from a hybrid's documents, or gives the reason why it cannot. */
export class UserMessageToRow {
  readonly #settings: UserMessageToRowSettings;

  constructor(settings: UserMessageToRowSettings) {
    this.#settings = settings;
  }

  /**
   * Returns the id of the message that `map` needs, because the document lacks a field that came late, or the
   * target lacks the column for one. Undefined if it needs none.
   */
  wantedMessage(document: UserMessageDocument): bigint | undefined {
    const { plans, horizon } = this.#settings;
    const mid = integerOf(document.mid);
    if (mid === undefined || typeof document.uid !== "string") return undefined;
    if (horizon !== undefined && mid < horizon) return undefined;
    const { places } = plans[userShard(document.uid)]!;
    const isWanting = FROM_MESSAGE.some(
      ([field, column]) => isMissing(document[field]) === places.has(column),
    );
    return isWanting ? mid : undefined;
  }

  /**
   * `shard` is the number of the collection that contained the document, `message` the one that
   * `wantedMessage` names.
   */
  map(document: UserMessageDocument, shard: number, message?: MessageHead): RowOutcome {
    const { names, plans, horizon, sessionZone } = this.#settings;
    const mid = integerOf(document.mid);
    if (mid === undefined)
      return quarantined(document.mid === undefined ? "field-missing" : "type-wrong", names.mid);
    if (!isInt64(mid)) return quarantined("integer-out-of-range", names.mid);
    if (document.uid === undefined) return quarantined("field-missing", names.uid);
    if (typeof document.uid !== "string") return quarantined("type-wrong", names.uid);
    if (horizon !== undefined && mid < horizon) return { kind: "skipped", by: "retention" };
    const right = userShard(document.uid);
    const row = new RowBuilder(plans[right]!);
    row.set("_mid", mid, names.mid);
    row.set("_uid", document.uid, names.uid);
    row.set("_seq", document.seq, names.seq);
    let isTaken = false;
    for (const [field, column] of FROM_MESSAGE) {
      const own = document[field];
      if (!isMissing(own)) row.setLate(column, own, names[field], isSame(field, own, message));
      else if (row.has(column)) {
        isTaken = true;
        if (message === undefined) row.refuse("message-missing", names[field]);
        else row.set(column, message[field], names[field]);
      }
    }
    if (isTaken) row.remarks.push("taken-from-message");
    if (!isMissing(document.directing))
      row.setLate("_directing", document.directing, names.directing, isZero(document.directing));
    else if (row.has("_directing")) {
      row.set("_directing", 0n, names.directing);
      row.remarks.push("directing-filled");
    }
    setDatetime(row, document.createTime, mid, sessionZone, names.createTime);
    row.setOthers(document.others, names.ignored, KNOWN_COLUMNS.userMessages);
    return row.finish(right, shard);
  }
}

/**
 * Compares a document's value with the message's. A recalled message has another type than the rows of those
 * who got it before, which is no difference.
 */
function isSame(
  field: (typeof FROM_MESSAGE)[number][0],
  own: FieldValue,
  message: MessageHead | undefined,
): boolean {
  if (message === undefined) return false;
  if (field === "target") return own === message.target;
  return integerOf(own) === message[field] || (field === "contentType" && message.contentType === RECALLED);
}

function isZero(value: FieldValue): boolean {
  return integerOf(value) === 0n || value === false;
}

function isMissing(value: FieldValue | undefined): value is undefined | null {
  return value === undefined || value === null;
}
