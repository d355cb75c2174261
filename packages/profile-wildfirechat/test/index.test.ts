import { expect, test } from "vitest";
import * as profile from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(profile)).toEqual(["wildfirechatEntry"]);
});
