import { WRAPPER_NAMES, type Fields, type ReadLine } from "@firebreak/archive";
import { messageIdentity, userMessageIdentity } from "../collapse.ts";
import { documentText } from "../documents/document-fields.ts";
import type { FieldNames } from "../documents/field-names.ts";
import { fieldValueOf, type FieldValue } from "../documents/field-value.ts";
import { gatherer, MESSAGE_COLUMNS, USER_MESSAGE_COLUMNS } from "./gather.ts";
import { userEntryHash, RowToUserMessage } from "../documents/row-to-user-message.ts";
import { quarantined, type DocumentOutcome, type Quarantined, type Remark } from "../outcome.ts";
import type { PrivateForm } from "../target/private-target.ts";
import { RowToMessage } from "../documents/row-to-message.ts";
import { ZoneClock } from "../settings/zone-clock.ts";

/** MySQL's AUTO_INCREMENT column, which no document has. */
const ROW_ID = "id";
/** A number above any `id`, so that the duplicate in the right table wins, whatever the ids are. */
const AT_HOME = 1n << 64n;

/** Settings for turning a site's rows into a hybrid's documents, in a form that can go to another thread. */
export interface HybridSettings {
  readonly names: FieldNames;
  readonly zones: { readonly jvm: string; readonly jdbc: string; readonly session: string };
  /** The form in which the source's private chats name their people. */
  readonly privateForm: PrivateForm;
  /** MongoDB's TTL index will remove documents older than this. */
  readonly expiryMs: number;
}

/** A field of a future document, with its value in byte text. */
export interface TextField {
  readonly name: string;
  readonly text: string;
}

type SiteRowOutcome =
  | {
      readonly kind: "document" | "moved";
      /** The number of the right collection. */
      readonly shard: number;
      readonly fields: readonly TextField[];
      readonly remarks: readonly Remark[];
      readonly duplicate: { readonly key: string; readonly identity: string; readonly rank: bigint };
    }
  | Quarantined;

/** The columns of one row. The site's own columns stay as they are. */
interface SortedRow<Row> {
  readonly row: Row;
  readonly id: bigint;
  readonly others: readonly TextField[];
}

/** Makes a hybrid's documents from the lines of one of the server's sharded tables. */
export class SiteRows {
  readonly #map: (fields: Fields) => SiteRowOutcome;

  /** @param shard the number of the table that contains the rows. */
  constructor(kind: "messages" | "userMessages", shard: number, settings: HybridSettings) {
    this.#map = kind === "messages" ? messageMapper(shard, settings) : userMessageMapper(shard, settings);
  }

  map({ isRaw, fields }: Pick<ReadLine, "isRaw" | "fields">): SiteRowOutcome {
    // A row's line is raw only if a column has a name that Extended JSON reserves.
    if (isRaw) return quarantined("field-name-taken", fields.names.find((n) => WRAPPER_NAMES.has(n)) ?? "");
    return this.#map(fields);
  }
}

/** Returns a number that is equal for rows with the same key. Undefined if the row has no key. */
export function rowKey(kind: "messages" | "userMessages", fields: Fields): bigint | undefined {
  if (kind === "messages") {
    const id = valueOf(fields, "_mid");
    return typeof id === "bigint" ? id : undefined;
  }
  const [uid, seq] = [valueOf(fields, "_uid"), valueOf(fields, "_seq")];
  return typeof uid === "string" && typeof seq === "bigint" ? userEntryHash(uid, seq) : undefined;
}

/** Returns a column's value by its name. Undefined if the row has no such column. */
export function valueOf({ count, names, kinds, contents }: Fields, name: string): FieldValue | undefined {
  const i = names.indexOf(name);
  return i < 0 || i >= count ? undefined : fieldValueOf(kinds[i]!, contents[i]!);
}

function messageMapper(
  shard: number,
  { names, zones, privateForm, expiryMs }: HybridSettings,
): (fields: Fields) => SiteRowOutcome {
  const mapper = new RowToMessage({
    names: names.messages,
    jvmZone: new ZoneClock(zones.jvm),
    jdbcZone: new ZoneClock(zones.jdbc),
    privateForm,
    expiryMs,
  });
  const sort = rowSorter(MESSAGE_COLUMNS);
  return (fields) => {
    const sorted = sort(fields);
    const { row } = sorted;
    const outcome = mapper.map(row, shard);
    if (outcome.kind === "quarantine") return outcome;
    const identity = messageIdentity(textOf(row.from), textOf(row.type), textOf(row.target));
    return finish(outcome, sorted, textOf(row.mid), identity);
  };
}

function userMessageMapper(
  shard: number,
  { names, zones, expiryMs }: HybridSettings,
): (fields: Fields) => SiteRowOutcome {
  const sessionZone = new ZoneClock(zones.session);
  const mapper = new RowToUserMessage({ names: names.userMessages, sessionZone, expiryMs });
  const sort = rowSorter(USER_MESSAGE_COLUMNS);
  return (fields) => {
    const sorted = sort(fields);
    const outcome = mapper.map(sorted.row, shard);
    if (outcome.kind === "quarantine") return outcome;
    const { mid, uid, seq } = sorted.row;
    return finish(outcome, sorted, JSON.stringify([uid, textOf(seq)]), userMessageIdentity(textOf(mid)));
  };
}

/** Returns a text or an integer as text: columns of keys and identities hold nothing else. */
function textOf(value: FieldValue | undefined): string {
  return typeof value === "string" || typeof value === "bigint" ? String(value) : "";
}

function finish(
  outcome: Exclude<DocumentOutcome, Quarantined>,
  { id, others }: SortedRow<unknown>,
  key: string,
  identity: string,
): SiteRowOutcome {
  const { kind, shard, remarks } = outcome;
  const fields = outcome.fields.map((field): TextField => ({ name: field.name, text: documentText(field) }));
  const taken = others.find(({ name }) => fields.some((field) => field.name === name));
  if (taken !== undefined) return quarantined("field-name-taken", taken.name);
  const rank = kind === "document" ? AT_HOME + id : id;
  return { kind, shard, fields: [...fields, ...others], remarks, duplicate: { key, identity, rank } };
}

/** Makes a function that sorts a row's columns under the names that the profile uses. */
function rowSorter<Key extends string>(
  columns: Readonly<Record<Key, string>>,
): (fields: Fields) => SortedRow<ReturnType<ReturnType<typeof gatherer<Key>>>> {
  const known = new Set<string>(Object.values(columns));
  const gather = gatherer(columns);
  return (fields) => {
    const values: [string, FieldValue][] = [];
    const others: TextField[] = [];
    for (let i = 0; i < fields.count; i++) {
      const name = fields.names[i]!;
      if (known.has(name)) values.push([name, fieldValueOf(fields.kinds[i]!, fields.contents[i]!)]);
      else if (name !== ROW_ID) others.push({ name, text: fields.text(i) });
    }
    const id = valueOf(fields, ROW_ID);
    return { row: gather(values), id: typeof id === "bigint" ? id : 0n, others };
  };
}
