import { expect, test } from "vitest";
import * as journeys from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(journeys).sort()).toEqual(["restoreToMysql", "transformByWhole", "transformDelta"]);
});
