import type { AnswerRow, FoundDocument, FoundRow } from "@firebreak/query-test";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { contentOf } from "../documents/content.ts";
import { integerOf } from "../documents/field-value.ts";
import { lineValues, messageGatherer, type MessageDocument } from "../rows/gather.ts";
import type { QueriedSite } from "./queried-site.ts";
import { columnTime, documentTime } from "./shown-time.ts";

/** The columns that a person sees of a message. A private chat's `_target` has another form in MySQL. */
const SHOWN = [
  "_mid",
  "_from",
  "_type",
  "_line",
  "_data",
  "_dt",
  "_content_type",
  "_searchable_key",
  "_to",
] as const;

/** Returns the column list of a query for messages: those of the shown columns that the site has. */
export function messageColumnList({ messageColumns }: QueriedSite): string {
  return SHOWN.filter((name) => messageColumns.has(name))
    .map(quoteIdentifier)
    .join(", ");
}

/** A message document with its id as a number. */
export interface IdentifiedMessage {
  readonly id: bigint;
  readonly document: MessageDocument;
}

/** Reads a document. Undefined if it has no id, or one that was not carried over. */
export function messageOf(
  found: FoundDocument,
  { names, horizon }: QueriedSite,
): IdentifiedMessage | undefined {
  const document = messageGatherer(names)(lineValues(found) ?? []);
  const id = integerOf(document.id);
  return id === undefined || (horizon !== undefined && id < horizon) ? undefined : { id, document };
}

/** Returns a message as the server shows it from MongoDB. */
export function documentShown(
  { id, document }: IdentifiedMessage,
  { messageColumns }: QueriedSite,
): AnswerRow {
  const { data, dt, from, type, line, contentType, searchableKey, to } = document;
  const body = data instanceof Uint8Array ? data : Buffer.alloc(0);
  const shown: Readonly<Record<(typeof SHOWN)[number], string | null>> = {
    _mid: String(id),
    _from: textOf(from),
    _type: textOf(type),
    _line: textOf(line),
    _data: Buffer.from(body).toString("base64"),
    _dt: documentTime(dt, id),
    _content_type: textOf(contentType ?? contentOf(body).type),
    _searchable_key: textOf(searchableKey),
    _to: textOf(to) ?? "",
  };
  return new Map(Object.entries(shown).filter(([name]) => messageColumns.has(name)));
}

/** Returns a message as the server shows it from MySQL. */
export function rowShown(row: FoundRow, { jdbcZone }: QueriedSite): AnswerRow {
  const id = BigInt(row.get("_mid")?.toString() ?? 0);
  return new Map(
    [...row].map(([name, bytes]) => {
      if (name === "_data") return [name, bytes?.toString("base64") ?? null];
      const text = bytes?.toString("utf8") ?? null;
      if (name === "_dt" && text !== null) return [name, columnTime(text, id, jdbcZone)];
      return [name, name === "_to" ? (text ?? "") : text];
    }),
  );
}

/** Returns the text of a text or an integer, which a Double may stand for. Null for anything else. */
export function textOf(value: MessageDocument["from"]): string | null {
  if (typeof value === "string") return value;
  const integer = integerOf(value);
  return integer === undefined ? null : String(integer);
}
