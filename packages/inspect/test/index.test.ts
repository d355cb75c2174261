import { expect, test } from "vitest";
import * as inspect from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(inspect).sort()).toEqual(["inspectArchive", "inspectFault"]);
});
