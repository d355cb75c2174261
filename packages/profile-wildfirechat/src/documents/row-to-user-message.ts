import { DocumentFields, keyless } from "./document-fields.ts";
import type { FieldNames } from "./field-names.ts";
import type { FieldValue } from "./field-value.ts";
import { userDocumentId } from "./object-id.ts";
import type { DocumentOutcome } from "../outcome.ts";
import type { OtherField } from "../rows/row-builder.ts";
import { userShard } from "../target/user-shard.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";

/** A row of `t_user_messages_N` without its `id`. Values are undefined if the table lacks the column. */
export interface UserMessageRow {
  readonly mid: FieldValue | undefined;
  readonly uid: FieldValue | undefined;
  readonly seq: FieldValue | undefined;
  readonly dt: FieldValue | undefined;
  readonly line: FieldValue | undefined;
  readonly type: FieldValue | undefined;
  readonly target: FieldValue | undefined;
  readonly directing: FieldValue | undefined;
  readonly contentType: FieldValue | undefined;
  readonly others: readonly OtherField[];
}

export interface RowToUserMessageSettings {
  readonly names: FieldNames["userMessages"];
  /** The zone of the MySQL server's sessions, in which its NOW() was. */
  readonly sessionZone: ZoneClock;
  readonly expiryMs: number | undefined;
}

/** Makes a hybrid's documents from rows of `t_user_messages_N`. Duplicates are decided elsewhere. */
export class RowToUserMessage {
  readonly #settings: RowToUserMessageSettings;

  constructor(settings: RowToUserMessageSettings) {
    this.#settings = settings;
  }

  /** `shard` is the number of the table that contained the row. */
  map(row: UserMessageRow, shard: number): DocumentOutcome {
    const { names, sessionZone, expiryMs } = this.#settings;
    const { mid, uid, seq } = row;
    if (typeof mid !== "bigint") return keyless(mid, "_mid");
    if (typeof seq !== "bigint") return keyless(seq, "_seq");
    if (typeof uid !== "string") return keyless(uid, "_uid");
    const document = new DocumentFields();
    document.add({ name: names.id, kind: "objectId", value: userDocumentId(uid, seq) });
    document.set(names.mid, mid, "_mid", true);
    document.set(names.uid, uid, "_uid");
    document.set(names.seq, seq, "_seq", true);
    document.setDate(names.createTime, row.dt, "_dt", { id: mid, zone: sessionZone, expiryMs });
    document.setLate(names.type, row.type, "_type");
    document.setLate(names.line, row.line, "_line");
    document.setLate(names.target, row.target, "_target");
    document.setLate(names.directing, row.directing, "_directing");
    document.setLate(names.contentType, row.contentType, "_cont_type");
    document.setOthers(row.others);
    return document.finish(userShard(uid), shard);
  }
}
