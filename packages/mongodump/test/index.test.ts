import { expect, test } from "vitest";
import * as mongodump from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(mongodump).sort()).toEqual([
    "ChangedDocuments",
    "DumpFolderWriter",
    "OplogChanges",
    "mongodumpFault",
    "openDump",
  ]);
});
