import { fromByteText, type ReadLine } from "@firebreak/archive";

/** An index by which the server deletes documents some time after a date in them. */
export interface TtlIndex {
  readonly path: readonly string[];
  readonly seconds: number;
}

interface IndexText {
  readonly key?: Readonly<Record<string, unknown>>;
  readonly expireAfterSeconds?: Readonly<Record<string, string>>;
  readonly partialFilterExpression?: unknown;
}

/**
 * Returns the TTL indexes of a collection (manual, "TTL Indexes"). An index with a partial filter is left
 * out: only the server can tell which documents it covers.
 */
export function ttlIndexes(indexTexts: readonly string[]): TtlIndex[] {
  return indexTexts.flatMap((text) => {
    const { key = {}, expireAfterSeconds = {}, partialFilterExpression } = JSON.parse(text) as IndexText;
    const seconds = Number(Object.values(expireAfterSeconds)[0]);
    const [path, ...others] = Object.keys(key);
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
  if (typeof value !== "object" || value === null) return [];
  const [first, ...rest] = path;
  if (first !== undefined)
    return Object.hasOwn(value, first) ? datesAt((value as Record<string, unknown>)[first], rest) : [];
  const date = (value as { $date?: { $numberLong?: string } }).$date?.$numberLong;
  return date === undefined ? [] : [Number(date)];
}
