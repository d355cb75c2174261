import type { MessageRow } from "../rows/gather.ts";
import { contentOf } from "./content.ts";
import { DocumentFields, keyless } from "./document-fields.ts";
import type { FieldNames } from "./field-names.ts";
import { messageTableOf } from "../target/server-tables.ts";
import type { DocumentOutcome } from "../outcome.ts";
import { pairOf, receiversOf, type PrivateForm } from "../target/private-target.ts";
import type { ZoneClock } from "../settings/zone-clock.ts";

export interface RowToMessageSettings {
  readonly names: FieldNames["messages"];
  readonly jvmZone: ZoneClock;
  readonly jdbcZone: ZoneClock;
  /** The form in which the source's private chats name their people. */
  readonly privateForm: PrivateForm;
  /** MongoDB's TTL index will remove documents older than this. Undefined if there is no such index. */
  readonly expiryMs: number | undefined;
}

/** Makes a hybrid's documents from rows of `t_messages_N`. Duplicates of an id are decided elsewhere. */
export class RowToMessage {
  readonly #settings: RowToMessageSettings;

  constructor(settings: RowToMessageSettings) {
    this.#settings = settings;
  }

  /** `shard` is the number of the table that contained the row. */
  map(row: MessageRow, shard: number): DocumentOutcome {
    const { names, jvmZone, jdbcZone, expiryMs } = this.#settings;
    if (typeof row.mid !== "bigint") return keyless(row.mid, "_mid");
    const document = new DocumentFields();
    document.set(names.id, row.mid, "_mid", true);
    document.set(names.from, row.from, "_from");
    document.set(names.type, row.type, "_type");
    this.#setTarget(document, row);
    document.set(names.line, row.line, "_line");
    document.set(names.data, row.data, "_data");
    document.setLate(names.searchableKey, row.searchableKey, "_searchable_key");
    document.setDate(names.dt, row.dt, "_dt", { id: row.mid, zone: jdbcZone, expiryMs });
    document.setLate(names.contentType, row.contentType, "_content_type");
    document.setLate(names.to, row.to, "_to");
    document.setOthers(row.others);
    if (row.data instanceof Uint8Array) {
      const { form, type } = contentOf(row.data);
      document.remarks.push(`body-${form}`);
      const isOther = typeof row.contentType === "bigint" && type !== undefined && type !== row.contentType;
      if (isOther) document.remarks.push("content-type-differs");
    }
    return document.finish(messageTableOf(row.mid, jvmZone), shard);
  }

  #setTarget(document: DocumentFields, { from, type, target }: MessageRow): void {
    const { names, privateForm } = this.#settings;
    if (type !== 0n || typeof from !== "string" || typeof target !== "string")
      return document.set(names.target, target, "_target");
    if (privateForm === "pair" && receiversOf(target, from).length === 0)
      return document.refuse("private-target-foreign", "_target");
    document.set(names.target, privateForm === "pair" ? target : pairOf(from, target), "_target");
  }
}
