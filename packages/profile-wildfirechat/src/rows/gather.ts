import { entriesOf, rawFields, type ReadLine } from "@firebreak/archive";
import { type FieldValue, fieldValueOf } from "../documents/field-value.ts";
import type { OtherField } from "./row-builder.ts";
import type { FieldNames } from "../documents/field-names.ts";

/** The columns of `t_messages_N`, without `id`. */
export const MESSAGE_COLUMNS = {
  mid: "_mid",
  from: "_from",
  type: "_type",
  target: "_target",
  line: "_line",
  data: "_data",
  searchableKey: "_searchable_key",
  dt: "_dt",
  contentType: "_content_type",
  to: "_to",
} as const;

/** The columns of `t_user_messages_N`, without `id`. */
export const USER_MESSAGE_COLUMNS = {
  mid: "_mid",
  uid: "_uid",
  seq: "_seq",
  dt: "_dt",
  line: "_line",
  type: "_type",
  target: "_target",
  directing: "_directing",
  contentType: "_cont_type",
} as const;

/** Values under the profile's own names, and the fields without such a name. */
type Gathered<Key extends string> = { readonly [K in Key]: FieldValue | undefined } & {
  readonly others: readonly OtherField[];
};

/** Rows of `t_messages_N` and `t_user_messages_N` without their `id`. Values of missing columns are undefined. */
export type MessageRow = Gathered<keyof typeof MESSAGE_COLUMNS>;
export type UserMessageRow = Gathered<keyof typeof USER_MESSAGE_COLUMNS>;

/** A hybrid's documents, those of users without their `_id`. Values of missing fields are undefined. */
export type MessageDocument = Gathered<Exclude<keyof FieldNames["messages"], "ignored">>;
export type UserMessageDocument = Gathered<Exclude<keyof FieldNames["userMessages"], "ignored" | "id">>;

/**
 * Makes a function that sorts a document's fields, or a row's columns, under the names that the profile uses.
 *
 * Fields in `left` are left out (MySQL's `id`, a user document's ObjectId). If a name occurs twice, the last
 * one counts.
 */
export function gatherer<Key extends string>(
  names: Readonly<Record<Key, string>>,
  left: readonly string[] = [],
): (fields: Iterable<readonly [name: string, value: FieldValue]>) => Gathered<Key> {
  const keys = new Map<string, Key>(entriesOf(names).map(([key, name]) => [name, key]));
  return (fields) => {
    const known: Partial<Record<Key, FieldValue>> = {};
    const others: OtherField[] = [];
    for (const [name, value] of fields) {
      const key = keys.get(name);
      if (key !== undefined) known[key] = value;
      else if (!left.includes(name)) others.push({ name, value });
    }
    return { ...known, others };
  };
}

type Gather<Document> = (fields: Iterable<readonly [name: string, value: FieldValue]>) => Document;

export function messageGatherer({ messages }: FieldNames): Gather<MessageDocument> {
  const { ignored: _, ...names } = messages;
  return gatherer(names);
}

/** Leaves out the ObjectId, which has no meaning. */
export function userMessageGatherer({ userMessages }: FieldNames): Gather<UserMessageDocument> {
  const { ignored: _, id, ...names } = userMessages;
  return gatherer(names, [id]);
}

/**
 * Returns the names and values of a line's fields. Undefined if text cannot express them all, for example if
 * a name occurs twice.
 */
export function lineValues({
  line,
  isRaw,
  fields,
}: Pick<ReadLine, "line" | "isRaw" | "fields">): (readonly [name: string, value: FieldValue])[] | undefined {
  if (isRaw) {
    const all = rawFields(line);
    const isSaid = all?.every(({ name, text }) => name !== undefined && text !== undefined) === true;
    if (!isSaid || new Set(all.map(({ name }) => name)).size < all.length) return undefined;
  }
  return Array.from({ length: fields.count }, (_, i) => [
    fields.names[i]!,
    fieldValueOf(fields.kinds[i]!, fields.contents[i]!),
  ]);
}
