import { expect, test } from "vitest";
import * as toMongodb from "../../src/to-mongodb/index.ts";

test("this entry of the package gives away these names and no others", () => {
  expect(Object.keys(toMongodb).sort()).toEqual(["loadDocuments", "toMongodbFault"]);
});
