import { fromByteText, textFields, type CollectionTexts, type ReadLine } from "@firebreak/archive";

/** The path of a field with a date, and how long after it a document may be deleted by the server. */
interface Ttl {
  readonly path: readonly string[];
  readonly afterMs: number;
}

/**
 * Whether a document was past its time at a moment, by the TTL indexes of its
 * collection: then the server most likely deleted it (MongoDB manual, "TTL Indexes").
 * Indexes of a part of the documents are left out, for whether a document is of
 * that part is the server's to say.
 */
export function expiryTest(
  { optionsText, indexTexts }: CollectionTexts,
  nowMs: number,
): (read: Pick<ReadLine, "fields">) => boolean {
  const ttls = [...indexTexts.flatMap(ttlOfIndex), ...ttlOfCluster(optionsText)];
  return ({ fields }) =>
    ttls.some(({ path, afterMs }) => {
      const i = fields.names.indexOf(path[0]!);
      if (i < 0 || i >= fields.count) return false;
      const value: unknown = JSON.parse(fromByteText(fields.text(i)));
      const dates = datesAt(value, path.slice(1));
      return dates.length > 0 && Math.min(...dates) + afterMs <= nowMs;
    });
}

function ttlOfIndex(text: string): Ttl[] {
  const fields = textFields(text);
  const after = secondsOf(fields.get("expireAfterSeconds"));
  if (after === undefined || fields.has("partialFilterExpression")) return [];
  const keys = [...textFields(fields.get("key") ?? "{}").keys()];
  return keys.length === 1 ? [{ path: keys[0]!.split("."), afterMs: after * 1000 }] : [];
}

/** A clustered collection has it among its options, and counts from its `_id`. */
function ttlOfCluster(optionsText: string): Ttl[] {
  const fields = textFields(optionsText);
  const after = secondsOf(fields.get("expireAfterSeconds"));
  return after === undefined || !fields.has("clusteredIndex")
    ? []
    : [{ path: ["_id"], afterMs: after * 1000 }];
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(Object.values(JSON.parse(text) as object)[0]);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Dates in milliseconds at a path, through arrays too. */
function datesAt(value: unknown, path: readonly string[]): number[] {
  if (Array.isArray(value)) return value.flatMap((one) => datesAt(one, path));
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Readonly<Record<string, unknown>>;
  if (path.length > 0) return datesAt(fields[path[0]!], path.slice(1));
  const date = fields["$date"];
  if (typeof date !== "object" || date === null) return [];
  return [Number((date as { readonly $numberLong?: string }).$numberLong)].filter(Number.isFinite);
}
