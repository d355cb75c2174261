import { join } from "node:path";
import { EJSON, type Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, SQL_SERVERS, sqlDatabase } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { verified } from "@firebreak/testing/recipes/verified";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { typedColumns } from "../support/typed-columns.ts";
import { fillTypedTable, readTypedColumn } from "../support/typed-table.ts";

const ROW_COUNT = 1000;

describe.each(SQL_SERVERS)("on %s, a table of every type", (server) => {
  const { isLacking, why } = lacking(server);
  const columns = typedColumns(server);

  describe.skipIf(isLacking)(`with ${ROW_COUNT} rows of edge values${why}`, () => {
    let source: Awaited<ReturnType<typeof sqlDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;
    let documents: Document[];

    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("types"));
      place = await folder();
      await fillTypedTable(source.connection, columns, ROW_COUNT);
      const archive = join(place.path, "archive");
      await well(exported(archive, source.url, { partMib: 1 }));
      expect(await verified(archive)).toMatchObject({ ending: "well" });
      const lines = await linesOf(archive, `${source.name}.everything`);
      documents = lines.map((line) => EJSON.parse(line, { relaxed: false }) as Document);
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test("has a line for each row, with its columns in order, but for those that are generated", () => {
      expect(documents.length).toBe(ROW_COUNT);
      for (const document of documents)
        expect(Object.keys(document)).toEqual(["id", ...columns.map((c) => c.name)]);
    });

    test.each(columns.map((c, at) => [c.type, c.name, at] as const))(
      "%s (%s) comes as another reading of it says",
      async (_, name, at) => {
        const expected = await readTypedColumn(server, source.connection, columns, at);
        const text = (v: unknown): string => EJSON.stringify({ v }, { relaxed: false });
        expect(documents.map((d) => text(d[name]))).toEqual(expected.map(text));
      },
    );
  });
});
