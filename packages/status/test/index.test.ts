import { expect, test } from "vitest";
import * as status from "../src/index.ts";

test("the package gives away this name and no other", () => {
  expect(Object.keys(status)).toEqual(["archiveStatus"]);
});
