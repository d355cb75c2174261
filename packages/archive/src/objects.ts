/** Returns the fields of a value that may be anything, such as parsed JSON. None if it is no object. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Returns the names and values of a table of the program's own, which has no fields beyond its type's. */
export function entriesOf<K extends string, V>(table: Readonly<Partial<Record<K, V>>>): [K, V][] {
  // The type of Object.entries allows for more fields than the table's type names.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.entries(table) as [K, V][];
}
