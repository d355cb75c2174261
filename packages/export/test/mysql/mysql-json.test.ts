import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { exported } from "@firebreak/testing/recipes/exported";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";

/** A document for each: those of which the text does not say what they are, and those of which it does. */
const UNTOLD = [
  "JSON_OBJECT('d', CAST('2020-01-01' AS DATE))",
  "JSON_ARRAY(CAST('-10:00:00.5' AS TIME(1)))",
  "JSON_OBJECT('deep', JSON_ARRAY(1, TIMESTAMP'2020-01-01 00:00:00'))",
  "JSON_OBJECT('b', CAST('abc' AS BINARY))",
  "CAST(b'101' AS JSON)",
];
const TOLD = [
  `'{"d": "2020-01-01", "t": "10:00:00.000000", "b": "base64:type15:YWJj"}'`,
  `'{"a": [1, 1.5, -0.0, 1e100, true, null, ""], "u": 18446744073709551615}'`,
  "CAST(1.50 AS JSON)",
  "JSON_OBJECT('long', REPEAT('x', 100000), 'f', CAST(1.1 AS FLOAT), 'y', CAST(2020 AS YEAR))",
  "NULL",
];

const { isLacking, why } = lacking("mysql");
describe.skipIf(isLacking)(`JSON documents of MySQL${why}`, () => {
  let source: Awaited<ReturnType<typeof sqlDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    source = await sqlDatabase("mysql", ownName("json"));
    place = await folder();
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  async function textOfExport(archive: string, documents: readonly string[]): Promise<string> {
    await source.connection.query("DROP TABLE IF EXISTS docs");
    await source.connection.query(
      "CREATE TABLE docs (id INT PRIMARY KEY, v VARCHAR(9) CHARACTER SET sjis, j JSON, twice JSON AS (j) VIRTUAL)",
    );
    for (const [id, document] of documents.entries())
      await source.connection.query(`INSERT INTO docs (id, v, j) VALUES (${id}, 'ソ', ${document})`);
    const ended = await well(exported(join(place.path, archive), source.url));
    return ended.text;
  }

  test("with values that their text does not tell are counted, and told of by column", async () => {
    expect(await textOfExport("untold", [...TOLD, ...UNTOLD])).toContain(
      `${source.name}.docs: ${UNTOLD.length} JSON documents of column j have dates, times or binary strings`,
    );
  });

  test("without such values are not told of", async () => {
    expect(await textOfExport("told", TOLD)).not.toContain("JSON document");
  });
});
