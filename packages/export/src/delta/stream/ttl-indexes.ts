import { fromByteText, type ReadLine, asObject } from "@firebreak/archive";

/** An index by which the server deletes documents some time after a date in them. */
export interface TtlIndex {
  readonly path: readonly string[];
  readonly seconds: number;
}

/**
 * Returns the TTL indexes of a collection (manual, "TTL Indexes"). An index with a partial filter is left
 * out: only the server can tell which documents it covers.
 */
export function ttlIndexes(indexTexts: readonly string[]): TtlIndex[] {
  return indexTexts.flatMap((text) => {
    const { key, expireAfterSeconds, partialFilterExpression } = asObject(JSON.parse(text));
    const seconds = Number(Object.values(asObject(expireAfterSeconds))[0]);
    const [path, ...others] = Object.keys(asObject(key));
    const isTtl = Number.isFinite(seconds) && path !== undefined && others.length === 0;
    return isTtl && partialFilterExpression === undefined ? [{ path: path.split("."), seconds }] : [];
  });
}

/** Returns the time in seconds at which the server may delete a document; infinity if it never does. */
export function dueOf({ fields }: Pick<ReadLine, "fields">, indexes: readonly TtlIndex[]): number {
  let due = Number.POSITIVE_INFINITY;
  for (const { path, seconds } of indexes) {
    const [first, ...rest] = path;
    for (let i = 0; i < fields.count; i++)
      if (fields.names[i] === first) {
        const dates =
          fields.kinds[i] === "date" && rest.length === 0
            ? [Number(fields.contents[i])]
            : fields.kinds[i] === "nested"
              ? datesAt(JSON.parse(fromByteText(fields.text(i))), rest)
              : [];
        // In an array the earliest date counts.
        due = Math.min(due, ...dates.map((ms) => ms / 1000 + seconds));
      }
  }
  return due;
}

/** Returns the dates in a value of canonical Extended JSON, in milliseconds. */
function datesAt(value: unknown, path: readonly string[]): number[] {
  if (Array.isArray(value)) return value.flatMap((element) => datesAt(element, path));
  const fields = asObject(value);
  const [first, ...rest] = path;
  if (first !== undefined) return Object.hasOwn(fields, first) ? datesAt(fields[first], rest) : [];
  const date = asObject(fields["$date"])["$numberLong"];
  return date === undefined ? [] : [Number(date)];
}
