import type { SelectValue } from "@firebreak/mysql";

/** Returns a filter with a set's values in the places of `{ $parameter: N }`. */
export function withParameters(filter: object, values: readonly unknown[]): object {
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, replaced(value, values)]));
}

function replaced(value: unknown, values: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value.map((one) => replaced(one, values));
  if (typeof value !== "object" || value === null) return value;
  if ("$parameter" in value) return values[Number(value.$parameter) - 1];
  return withParameters(value, values);
}

/** Returns the value of SQL for a value of Extended JSON: a date as a moment in UTC, an ObjectId as hex. */
export function sqlValue(value: unknown): SelectValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : String(value);
  if (typeof value === "object") {
    if ("$oid" in value) return String(value.$oid);
    if ("$date" in value) return momentOf(value.$date);
    if ("$numberLong" in value) return BigInt(String(value.$numberLong));
    if ("$numberInt" in value) return BigInt(String(value.$numberInt));
    for (const wrapper of ["$numberDouble", "$numberDecimal"] as const)
      if (wrapper in value) return String(Object.values(value)[0]);
  }
  return JSON.stringify(value);
}

function momentOf(date: unknown): string {
  const isWrapped = typeof date === "object" && date !== null && "$numberLong" in date;
  const moment = isWrapped ? new Date(Number(date.$numberLong)) : new Date(String(date));
  return moment.toISOString().replace("T", " ").replace("Z", "");
}
