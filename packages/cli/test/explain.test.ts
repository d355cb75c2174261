import { expect, test } from "vitest";
import { en } from "../src/messages/en.ts";
import { adviceFor } from "../src/messages/explain.ts";

const { remedy } = en.faults["mysql-lost"]({
  server: "h:1",
  object: undefined,
  statement: undefined,
  reason: "gone",
});

test("only commands that go on are said to do so", () => {
  for (const advice of [remedy, en.interrupted]) {
    expect(adviceFor("load", advice, en)).toContain("goes on where it stopped");
    for (const command of ["checksum", "verify", "status", "inspect"])
      expect(adviceFor(command, advice, en)).toMatch(/Run the same command again\.$/);
  }
});
