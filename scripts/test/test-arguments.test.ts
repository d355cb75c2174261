import { expect, test } from "vitest";
import { testArguments } from "../test-arguments.ts";

test("every argument goes to vitest, in its order", () => {
  const args = ["packages/load", "-t", "a title"];
  expect(testArguments(args)).toEqual({ isQuick: false, vitestArgs: args });
  expect(testArguments([])).toEqual({ isQuick: false, vitestArgs: [] });
});

test("--quick is taken out wherever it stands, and leaves the slow tests out", () => {
  const expected = { isQuick: true, vitestArgs: ["--tags-filter=!slow", "packages/load"] };
  expect(testArguments(["--quick", "packages/load"])).toEqual(expected);
  expect(testArguments(["packages/load", "--quick"])).toEqual(expected);
});

test("the -- that pnpm leaves before the arguments is none of them", () => {
  expect(testArguments(["--", "--quick"])).toEqual({ isQuick: true, vitestArgs: ["--tags-filter=!slow"] });
});
