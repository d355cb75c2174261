/**
 * Types a value that the driver or a server gives, and that the driver's types call any document. The shape is
 * that of the server's manual, or of an entry that this package wrote.
 */
export function asSent<T>(value: unknown): T {
  // A check of every field of every batch would cost more than reading it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as T;
}
