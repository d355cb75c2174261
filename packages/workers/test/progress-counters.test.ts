import { expect, test } from "vitest";
import { ProgressCounters } from "../src/index.ts";

test("threads take turns: the next has it when the one before gives it back", async () => {
  const first = new ProgressCounters();
  const second = new ProgressCounters(first.buffer);
  const order: string[] = [];
  await first.take();
  const waits = second.take().then(() => order.push("second"));
  const waitsToo = new ProgressCounters(first.buffer).take().then(() => order.push("third"));
  await new Promise((resolve) => setImmediate(resolve));
  order.push("first");
  first.give();
  await Promise.race([waits, waitsToo]);
  expect(order).toHaveLength(2);
  second.give();
  await Promise.all([waits, waitsToo]);
  expect(order[0]).toBe("first");
  expect(order.slice(1).toSorted()).toEqual(["second", "third"]);
});

test("counts add up, whoever counts", () => {
  const counters = new ProgressCounters();
  counters.add(2, 10);
  new ProgressCounters(counters.buffer).add(3, 5);
  expect([counters.items, counters.bytes]).toEqual([5, 15]);
});
