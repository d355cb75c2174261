import type { UserMessageRow } from "../rows/gather.ts";
import { DocumentFields, keyless } from "./document-fields.ts";
import type { FieldNames } from "./field-names.ts";
import type { DocumentOutcome } from "../outcome.ts";
import { userShard } from "../target/server-tables.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";
import { createHash } from "node:crypto";

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

/**
 * Returns the `_id` for a user's document made from MySQL, 24 hex digits: the first 12 bytes of the SHA-256
 * of `_uid`, NUL and `_seq` in decimal. So every run makes the same `_id`, and the way back finds it again.
 */
export function userDocumentId(uid: string, seq: bigint): string {
  return hashOf(uid, seq).toString("hex", 0, 12);
}

/** Returns 64 bits of the same hash, equal for the same `(_uid, _seq)` and almost never for others. */
export function userEntryHash(uid: string, seq: bigint): bigint {
  return hashOf(uid, seq).readBigUInt64BE();
}

function hashOf(uid: string, seq: bigint): Buffer {
  return createHash("sha256").update(`${uid}\0${seq}`, "utf8").digest();
}
