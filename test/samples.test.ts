import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillCollection, mongoexportFile } from "../fixtures/src/index.ts";
import { ending, firebreak } from "./command-line.ts";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { readTable } from "@firebreak/testing/tables/read-table";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const folder = join(import.meta.dirname, "..", "..", "shared", "data", "samples");
const collections = ["customers", "restaurants", "theaters"] as const;
const database = ownName("samples");
const { isLacking, why } = lacking("mongodb");
const hasSamples = existsSync(folder);

describe.skipIf(isLacking || !hasSamples)(
  `the sample collections${why}${hasSamples ? "" : ` (skipped: ${folder} is not there)`}`,
  () => {
    let archive: string;
    let client: MongoClient;

    beforeAll(async () => {
      archive = join(await mkdtemp(join(tmpdir(), "firebreak-samples-")), "archive");
      client = await MongoClient.connect(urlOf("mongodb"));
      await client.db(database).dropDatabase();
      for (const name of collections)
        await fillCollection(
          client.db(database).collection(name),
          mongoexportFile(join(folder, `${name}.json`)),
        );
    });
    afterAll(async () => {
      await client?.db(database).dropDatabase();
      await client?.close();
      await rm(join(archive, ".."), { recursive: true, force: true });
      for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
    });

    test("are exported and transformed with every document accounted for and none in quarantine", async () => {
      const exported = await firebreak("export", { archive, mongodbUrl: urlOf("mongodb", database) });
      expect(ending(exported)).toBe("exit 0");
      const transformed = await firebreak("transform", { archive });
      expect(ending(transformed)).toBe("exit 0");
      for (const name of collections) {
        const documents = await client.db(database).collection(name).countDocuments();
        const namespace = `${database}.${name}`;
        expect(exported.summary.namespaces.find((n) => n.namespace === namespace)).toMatchObject({
          documents,
          lines: documents,
        });
        expect(transformed.summary.namespaces.find((n) => n.namespace === namespace)).toMatchObject({
          lines: documents,
          quarantined: 0,
          tables: [{ table: name, rows: documents }],
        });
      }
      expect(await readdir(join(archive, "mysql"))).not.toContain("quarantine");
    });

    describe.each(SQL_SERVERS)("on %s", (server) => {
      const target = lacking(server);
      test.skipIf(target.isLacking)(`are loaded, and the digests are equal${target.why}`, async () => {
        const mysqlUrl = await emptyDatabase(server, database);
        expect(ending(await firebreak("load", { archive, mysqlUrl }))).toBe("exit 0");
        const compared = await firebreak("checksum", { archive, mysqlUrl });
        expect(ending(compared)).toBe("exit 0");
        for (const { tables } of compared.summary.namespaces)
          for (const table of tables ?? [])
            expect(table).toMatchObject({ equal: true, digested: table.rows });
      });

      test.skipIf(target.isLacking).each(collections)(
        `arrive with every field of every document of %s as plain drivers read them${target.why}`,
        async (name) => {
          const { rows } = await readTable(urlOf(server, database), name);
          const found = new Map(rows.map((row) => [row["_id"]!.toString("latin1"), row]));
          const documents = (await client
            .db(database)
            .collection(name)
            .find({}, { raw: true })
            .toArray()) as unknown as Buffer[];
          expect(rows).toHaveLength(documents.length);
          for (const document of documents) {
            // All three have ObjectIds, which the server keeps in front: 4 bytes of length, type, "_id" and its zero.
            const id = document.toString("hex", 9, 21);
            const row = found.get(id);
            expect(row === undefined ? [`${id} is missing`] : faultsOf(document, row)).toEqual([]);
          }
        },
      );
    });
  },
);
