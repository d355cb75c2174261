import { expect, test } from "vitest";
import { accessOf } from "../../src/access/watch.ts";

const look = (at: number, reads: number, writes: number) => ({
  at,
  counters: { reads, writes, connections: 7 },
});

test("what a server counted between two looks is its use", () => {
  expect(accessOf("db", look(1000, 100, 50), look(5000, 180, 52))).toEqual({
    server: "db",
    seconds: 4,
    readsPerSecond: 20,
    writesPerSecond: 0.5,
    connections: 7,
  });
});

test("a server that started again in between has no negative use", () => {
  expect(accessOf("db", look(0, 100, 50), look(1000, 3, 2))).toMatchObject({
    readsPerSecond: 0,
    writesPerSecond: 0,
  });
});
