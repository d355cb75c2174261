import { expect, test } from "vitest";
import * as bundle from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(bundle).sort()).toEqual(["bundleFault", "extractBundle", "packArchive"]);
});
