import { expect, test } from "vitest";
import * as transform from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(transform)).toEqual([
    "transformArchive",
    "deltaOfWhole",
    "transformProfiledDelta",
    "chainProfile",
    "SurveysDiffer",
  ]);
});
