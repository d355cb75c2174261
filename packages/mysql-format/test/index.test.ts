import { expect, test } from "vitest";
import * as mysqlFormat from "../src/index.ts";

test("the package gives away these names and no others", () => {
  expect(Object.keys(mysqlFormat).sort()).toMatchInlineSnapshot(`
    [
      "CSV_DIALECT",
      "RowLineWriter",
      "UnsayableCharacters",
      "backAgainSql",
      "cellOfLine",
      "csvCells",
      "csvRow",
      "csvRowPieces",
      "csvRows",
      "equalSql",
      "indexColumns",
      "jsonDecimals",
      "keyIndexOf",
      "keyLiteral",
      "keySql",
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
      "rowLiteral",
      "rowOrder",
      "sameSql",
      "sqlFamily",
      "valueHashSql",
      "valueLengthSql",
      "valueSql",
      "withoutWidth",
      "writeRefusedRows",
    ]
  `);
});
