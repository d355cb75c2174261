import { expect, test } from "vitest";
import * as plan from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(plan).sort()).toEqual(["planFault", "planMove", "rehearse"]);
});
