import { expect, test } from "vitest";
import * as queryTest from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(queryTest).sort()).toEqual([
    "MOST_PART_DOCUMENTS",
    "chooseValues",
    "comparableDocument",
    "queryTest",
    "readQueries",
  ]);
});
