import { expect, test } from "vitest";
import { foldedNames } from "../../src/screen/fold-shards.ts";

const shards = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `t_messages_${from + i}`);

test("three numbers in a row and more are a range, two are not", () => {
  expect(foldedNames(shards(0, 127))).toBe("t_messages_0 … t_messages_127");
  expect(foldedNames(shards(8, 10))).toBe("t_messages_8 … t_messages_10");
  expect(foldedNames(shards(8, 9))).toBe("t_messages_8, t_messages_9");
});

test("a number that is missing parts two ranges, and is told so", () => {
  expect(foldedNames([...shards(0, 4), ...shards(6, 9), "t_messages_20"])).toBe(
    "t_messages_0 … t_messages_4, t_messages_6 … t_messages_9, t_messages_20",
  );
});

test("names in any order and twice are one range, by their numbers and not by their letters", () => {
  expect(foldedNames([...shards(0, 11), ...shards(0, 3)].toReversed())).toBe("t_messages_0 … t_messages_11");
});

test("names without a number, and numbers of other lengths with zeros in front, stay as they are", () => {
  expect(foldedNames(["users", "a_08", "a_09", "a_10", "a_11", "groups"])).toBe(
    "users, a_08, a_09, a_10, a_11, groups",
  );
  expect(foldedNames([])).toBe("");
});
