import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, test } from "vitest";
import { shareValue, sharedValue, type SharedValue } from "../src/index.ts";

interface Example {
  readonly big: bigint;
  readonly map: ReadonlyMap<string, readonly number[]>;
  readonly bytes: Uint8Array;
  readonly none: undefined;
}

const example: Example = {
  big: 2n ** 70n,
  map: new Map([["a", [1, 2]]]),
  bytes: Buffer.from("é"),
  none: undefined,
};

/** Returns a value as another thread gets it. */
function sent<T>(value: SharedValue<T>): SharedValue<T> {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const { message } = receiveMessageOnPort(port2) as { message: SharedValue<T> };
  port1.close();
  return message;
}

test("a shared value is what it was, made once for all tasks of a thread, and never another one", () => {
  const [one, other] = [shareValue(example), shareValue({ ...example, big: 1n })];
  const found = sharedValue(sent(one));
  expect({ ...found, bytes: Buffer.from(found.bytes) }).toEqual(example);
  expect(sharedValue(sent(one))).toBe(found);
  expect(sharedValue(sent(other)).big).toBe(1n);
  expect(sharedValue(sent(one)).big).toBe(example.big);
});
