import { expect, test } from "vitest";
import * as restore from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(restore).sort()).toEqual(["restoreArchive", "restoreFault", "restoreToDump"]);
});
