import { expect, test } from "vitest";
import * as mysqlFormat from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(mysqlFormat).sort()).toMatchInlineSnapshot(`
    [
      "CSV_DIALECT",
      "RowLineWriter",
      "UnsayableCharacters",
      "cellOfLine",
      "csvCells",
      "csvRow",
      "csvRowPieces",
      "csvRows",
      "indexColumns",
      "jsonDecimals",
      "keyIndexOf",
      "lineFormOf",
      "loadDataStatement",
      "membersOf",
      "momentText",
      "needsNumbers",
      "ownColumn",
      "parsePartEntry",
      "putCsvRow",
      "quoteIdentifier",
      "quoteText",
      "readCsv",
      "readRefusedRows",
      "rowOrder",
      "sqlFamily",
      "withoutWidth",
      "writeRefusedRows",
    ]
  `);
});
