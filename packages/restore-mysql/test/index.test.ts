import { expect, test } from "vitest";
import * as restoreMysql from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(restoreMysql).sort()).toEqual([
    "beginRestore",
    "finishRestore",
    "giveUpRestore",
    "restoreMysqlFault",
    "serverUrl",
  ]);
});
