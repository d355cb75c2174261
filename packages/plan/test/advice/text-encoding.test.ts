import { expect, test } from "vitest";
import { encodingProblems } from "../../src/advice/text-encoding.ts";

const declared = { characterSet: "utf8mb4", collation: "utf8mb4_0900_bin" };
const SAME = { database: "shop", ...declared, declared, tables: [], isGiven: false };

test.each([
  ["the declared one", {}, []],
  ["another collation", { collation: "utf8mb4_0900_ai_ci" }, ["note"]],
  ["another collation of an application's own", { collation: "utf8mb4_0900_ai_ci", isGiven: true }, []],
  ["a narrow character set", { characterSet: "latin1", collation: "latin1_swedish_ci" }, ["warn"]],
  ["a narrow one of an application's own", { characterSet: "utf8mb3", isGiven: true }, ["warn"]],
  ["narrow tables", { tables: ["old"] }, ["warn"]],
])("a database with %s", (_, changes, severities) => {
  const found = encodingProblems([{ ...SAME, ...changes }]);
  expect(found.map(({ severity }) => severity)).toEqual(severities);
});
