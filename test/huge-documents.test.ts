import { Binary, Int32 } from "bson";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes } from "@firebreak/testing/documents/document-bytes";
import { ending, firebreak } from "./command-line.ts";
import { faultsOf } from "@firebreak/testing/tables/compare-row";
import { journeyOf, type Journey } from "./generic-mapping/mapping-journey.ts";
import { readTable } from "@firebreak/testing/tables/read-table";
import { dropDatabase, emptyDatabase, withSql } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const database = ownName("huge");
const { isLacking, why } = lacking("mongodb");
const MIB = 1 << 20;
const nearly16 = Math.floor(15.9 * MIB);

const collections = new Map([
  [
    "letters",
    [
      documentBytes([
        ["_id", new Int32(0)],
        ["v", "abcdefgh".repeat(nearly16 / 8)],
      ]),
    ],
  ],
  [
    "zeros",
    [
      documentBytes([
        ["_id", new Int32(0)],
        ["v", "\0".repeat(15 * MIB)],
      ]),
    ],
  ],
  [
    "binary",
    [
      documentBytes([
        ["_id", new Int32(0)],
        ["v", new Binary(Buffer.alloc(nearly16, '"\n\\,'))],
      ]),
    ],
  ],
  [
    "nested",
    [
      documentBytes([
        ["_id", new Int32(0)],
        ["v", { text: "数".repeat(5 * MIB) }],
      ]),
    ],
  ],
]);

/** 15.9 MiB of binary are 21.2 MiB of base64, which is how LOAD DATA brings them. */
const NEEDED = 22 * MIB;

describe.skipIf(isLacking)(`documents of nearly 16 MiB${why}`, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await journeyOf(database, collections);
  });
  afterAll(async () => {
    await journey?.end();
    for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
  });

  test("are exported and transformed with nothing in quarantine", () => {
    expect([ending(journey.exported), ending(journey.transformed)]).toEqual(["exit 0", "exit 0"]);
  });

  describe.each(SQL_SERVERS)("on %s", (server) => {
    const target = lacking(server);
    test.skipIf(target.isLacking)(
      `arrive, after a refusal where the server's packet limit is too small${target.why}`,
      async () => {
        const mysqlUrl = await emptyDatabase(server, database);
        const limit = await packetLimit(server);
        try {
          await setPacketLimit(server, 16 * MIB);
          const refused = await firebreak("load", { archive: journey.archive, mysqlUrl });
          expect(refused.exitCode).toBe(6);
          expect(refused.stderr).toContain("max_allowed_packet");
          await setPacketLimit(server, Math.max(limit, 2 * NEEDED));
          expect(ending(await firebreak("load", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
          expect(ending(await firebreak("checksum", { archive: journey.archive, mysqlUrl }))).toBe("exit 0");
          for (const [name, documents] of collections) {
            const { rows } = await readTable(urlOf(server, database), journey.tableOf(name));
            expect(rows).toHaveLength(1);
            expect(faultsOf(documents[0]!, rows[0]!)).toEqual([]);
          }
        } finally {
          await setPacketLimit(server, limit);
        }
      },
    );
  });
});

async function packetLimit(server: "mysql" | "mariadb"): Promise<number> {
  return withSql(urlOf(server), async (c) => {
    const [rows] = await c.query<RowDataPacket[]>("SELECT @@global.max_allowed_packet AS bytes");
    return Number(rows[0]!["bytes"]);
  });
}

async function setPacketLimit(server: "mysql" | "mariadb", bytes: number): Promise<void> {
  await withSql(urlOf(server), (c) => c.query(`SET GLOBAL max_allowed_packet = ${bytes}`));
}
