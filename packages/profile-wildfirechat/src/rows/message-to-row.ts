import type { MessageDocument } from "./gather.ts";
import { contentOf } from "../documents/content.ts";
import type { FieldNames } from "../documents/field-names.ts";
import { integerOf, type FieldValue } from "../documents/field-value.ts";
import { isInt64, messageTime } from "../documents/message-id.ts";
import { messageTableOf } from "../target/server-tables.ts";
import { quarantined, type RowOutcome } from "../outcome.ts";
import { receiversOf, type PrivateForm } from "../target/private-target.ts";
import { RowBuilder } from "./row-builder.ts";
import { KNOWN_COLUMNS, type RowPlan } from "./row-plan.ts";
import { datetimeOf } from "../target/server-datetime.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";

export interface MessageToRowSettings {
  /** Plans by shard number. */
  readonly plans: readonly RowPlan[];
  readonly names: FieldNames["messages"];
  /** The zone of the server's JVM, which decides a message's table. */
  readonly jvmZone: ZoneClock;
  /** `serverTimezone` of the JDBC url, the zone of `_dt`. */
  readonly jdbcZone: ZoneClock;
  /** The form in which the target's private chats name their people. */
  readonly privateForm: PrivateForm;
  /** The lowest id to carry over. Undefined if all are carried over. */
  readonly horizon: bigint | undefined;
}

/** Makes rows of `t_messages_N` from a hybrid's documents, or gives the reason why it cannot. */
export class MessageToRow {
  readonly #settings: MessageToRowSettings;

  constructor(settings: MessageToRowSettings) {
    this.#settings = settings;
  }

  /** `shard` is the number of the collection that contained the document. */
  map(document: MessageDocument, shard: number): RowOutcome {
    const { names, plans, jvmZone, horizon } = this.#settings;
    if (document.id === undefined) return quarantined("field-missing", names.id);
    const id = integerOf(document.id);
    if (id === undefined) return quarantined("type-wrong", names.id);
    if (!isInt64(id)) return quarantined("integer-out-of-range", names.id);
    if (horizon !== undefined && id < horizon) return { kind: "skipped", by: "retention" };
    const right = messageTableOf(id, jvmZone);
    const row = new RowBuilder(plans[right]!);
    row.set("_mid", id, names.id);
    row.set("_from", document.from, names.from);
    row.set("_type", document.type, names.type);
    this.#setTarget(row, document);
    row.set("_line", document.line, names.line);
    row.set("_data", document.data, names.data);
    this.#setContentType(row, document);
    const key = document.searchableKey ?? null;
    row.setLate("_searchable_key", key, names.searchableKey, key === null);
    this.#setTo(row, document);
    this.#setDt(row, document, id);
    row.setOthers(document.others, names.ignored, KNOWN_COLUMNS.messages);
    return row.finish(right, shard);
  }

  #setTarget(row: RowBuilder, { from, type, target }: MessageDocument): void {
    const { names, privateForm } = this.#settings;
    const isPrivate = integerOf(type) === 0n;
    if (!isPrivate || typeof target !== "string" || typeof from !== "string")
      return row.set("_target", target, names.target);
    const receivers = receiversOf(target, from);
    if (receivers.length === 0) return row.refuse("private-target-foreign", names.target);
    if (privateForm === "pair") return row.set("_target", target, names.target);
    if (receivers.length > 1) return row.refuse("private-target-ambiguous", names.target);
    row.set("_target", receivers[0], names.target);
  }

  #setContentType(row: RowBuilder, { data, contentType }: MessageDocument): void {
    const { names } = this.#settings;
    if (!(data instanceof Uint8Array)) return;
    const { form, type } = contentOf(data);
    row.remarks.push(`body-${form}`);
    const isMissing = contentType === undefined || contentType === null;
    if (isMissing && type === undefined) return row.refuse("content-type-unknown", names.contentType);
    if (isMissing) row.remarks.push("content-type-derived");
    const own = isMissing ? type! : contentType;
    const isSame = integerOf(own) === type;
    if (!isSame && type !== undefined && integerOf(own) !== undefined)
      row.remarks.push("content-type-differs");
    row.setLate("_content_type", own, names.contentType, isSame);
  }

  /** Replaces NULL, which would hide the message from the server's history: its query wants `''` or a uid. */
  #setTo(row: RowBuilder, { to }: MessageDocument): void {
    const isMissing = to === undefined || to === null;
    if (isMissing && row.has("_to")) row.remarks.push("to-filled");
    const value = isMissing ? "" : to;
    row.setLate("_to", value, this.#settings.names.to, value === "");
  }

  #setDt(row: RowBuilder, { dt }: MessageDocument, id: bigint): void {
    setDatetime(row, dt, id, this.#settings.jdbcZone, this.#settings.names.dt);
  }
}

/** Sets `_dt` from a document's date or, if it has none, from the id's time. */
export function setDatetime(
  row: RowBuilder,
  value: FieldValue | undefined,
  id: bigint,
  zone: ZoneClock,
  field: string,
): void {
  const isMissing = value === undefined || value === null;
  if (!isMissing && !(value instanceof Date)) return row.refuse("type-wrong", field);
  const instantMs = isMissing ? messageTime(id) : value.getTime();
  const wallMs = datetimeOf(instantMs, zone);
  if (wallMs === undefined) return row.refuse("date-out-of-range", field);
  if (isMissing) row.remarks.push("dt-from-id");
  else if (instantMs % 1000 !== 0) row.remarks.push("milliseconds-lost");
  row.set("_dt", new Date(wallMs), field);
}
