import { expect, test } from "vitest";
import * as target from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(target).sort()).toEqual([
    "QuarantineLimit",
    "chainPlace",
    "chainRefusal",
    "chainVerdict",
    "runStage",
    "targetFault",
  ]);
});
