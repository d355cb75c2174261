import { randomUUID } from "node:crypto";
import { deserialize, serialize } from "node:v8";

/** A value that many tasks have in common, as bytes that threads share. It goes to a thread without being copied. */
export interface SharedValue<T> {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Only for the type. */
  readonly of?: T;
}

/** @param value structured-cloneable, without shared memory of its own. */
export function shareValue<T>(value: T): SharedValue<T> {
  const plain = serialize(value);
  const bytes = new Uint8Array(new SharedArrayBuffer(plain.length));
  bytes.set(plain);
  return { id: randomUUID(), bytes };
}

/** The value that this thread was last asked for. */
let last: { readonly id: string; readonly value: unknown } | undefined;

/** Returns the value. A thread makes it once, as long as it is not asked for another one. */
export function sharedValue<T>({ id, bytes }: SharedValue<T>): T {
  if (last?.id !== id) last = { id, value: deserialize(Buffer.from(bytes)) };
  // A value between threads has no type. Whoever shared it has said what it is.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return last.value as T;
}
