import { entriesOf } from "@firebreak/archive";
import type { FieldValue } from "../documents/field-value.ts";
import type { OtherField } from "./row-builder.ts";

/** The columns of `t_messages_N` for a `MessageRow`, without `id`. */
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

/** The columns of `t_user_messages_N` for a `UserMessageRow`, without `id`. */
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
export type Gathered<Key extends string> = { readonly [K in Key]: FieldValue | undefined } & {
  readonly others: readonly OtherField[];
};

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
