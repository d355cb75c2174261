import type { Reason } from "@firebreak/archive";

/** Returns a fault's fields with its own reasons in words, as a program that reads `--json` has always had them. */
export function wordedFields(
  fields: Readonly<Record<string, unknown>>,
  words: (reason: Reason) => string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name === "reason" && isReason(value) ? words(value) : worded(value, words),
    ]),
  );
}

function worded(value: unknown, words: (reason: Reason) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => worded(one, words));
  return isPlain(value) ? wordedFields(value, words) : value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isReason(value: unknown): value is Exclude<Reason, string> {
  return isPlain(value) && typeof value["code"] === "string" && isPlain(value["fields"]);
}
