import { expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { HugeLine } from "../../src/parts/huge-line.ts";

test("a huge line is what was added to it, as bytes and as text, and is empty then", () => {
  const line = new HugeLine(100);
  line.add(Buffer.from("aé"));
  line.add(Buffer.from("b"));
  expect(line.bytes().toString()).toBe("aéb");
  expect(line.text()).toBe(Buffer.from("aéb").toString("latin1"));
  expect(line.bytes()).toHaveLength(0);
});

test("it refuses what it has no room for", () => {
  const line = new HugeLine(3);
  line.add(Buffer.from("abc"));
  expect(() => line.add(Buffer.from("d"))).toThrow(
    expect.objectContaining({ reason: worded("it is longer than 3 bytes") }),
  );
  expect(line.text()).toBe("abc");
});
