import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { measureProcess } from "../../../../bench/measure-process.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, ownName, SQL_SERVERS, sqlDatabase } from "@firebreak/testing/servers/databases";

const MAIN = join(import.meta.dirname, "..", "..", "..", "cli", "dist", "main.js");
const PEAK_MIB = 400;
/** Near the largest that each server makes of itself: its max_allowed_packet is 64 MiB, and 16. */
const LARGEST = { mysql: 60_000_000, mariadb: 15_000_000 };

describe.each(SQL_SERVERS)("values of %s near its packet limit", (server) => {
  const { isLacking, why } = lacking(server);
  const bytes = LARGEST[server];

  describe.skipIf(isLacking)(`and many of a megabyte${why}`, () => {
    let source: Awaited<ReturnType<typeof sqlDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("large"));
      place = await folder();
      const { connection } = source;
      await connection.query(
        "CREATE TABLE large (id INT PRIMARY KEY, t LONGTEXT CHARACTER SET utf8mb4, l LONGTEXT CHARACTER SET latin1, b LONGBLOB)",
      );
      await connection.query(`INSERT INTO large (id, t) VALUES (1, REPEAT('aé"\n', ${bytes / 5}))`);
      await connection.query(`INSERT INTO large (id, b) VALUES (2, REPEAT(X'00', ${bytes}))`);
      await connection.query(`INSERT INTO large (id, l) VALUES (3, REPEAT(_latin1 X'61E9', ${bytes / 4}))`);
      await connection.query("INSERT INTO large (id, t) SELECT id + 3, t FROM large WHERE id = 1");
      await connection.query("CREATE TABLE wide (id INT PRIMARY KEY AUTO_INCREMENT, b LONGBLOB)");
      for (let i = 0; i < 100; i++)
        await connection.query("INSERT INTO wide (b) VALUES (REPEAT('0123456789', 100000))");
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test(`are exported within ${PEAK_MIB} MiB, each with its bytes`, async () => {
      const archive = join(place.path, "archive");
      const { peakMib } = await measureProcess({
        title: "export",
        command: [process.execPath, MAIN, "export", "--source", "mysql", "--archive", archive, "--jobs", "2"],
        env: { FIREBREAK_MYSQL_URL: source.url },
      });
      // Where there is no /proc nothing is measured.
      if (peakMib !== undefined) expect(peakMib).toBeLessThan(PEAK_MIB);
      const [rows] = await source.connection.query<RowDataPacket[]>(
        "SELECT id, SHA2(COALESCE(t, CONVERT(l USING utf8mb4), b), 256) AS sha FROM large ORDER BY id",
      );
      expect(await hashesOf(archive, `${source.name}.large`)).toEqual(rows.map((r) => r["sha"] as string));
      expect(new Set(await hashesOf(archive, `${source.name}.wide`)).size).toBe(1);
    });
  });
});

/** The SHA-256 of the one value that each row has, line by line. */
async function hashesOf(archive: string, namespace: string): Promise<string[]> {
  const { parts } = (await namespacesOf(archive)).find((n) => n.namespace === namespace)!;
  const hashes: string[] = [];
  for (const part of parts) {
    const plain = zstdDecompressSync(await readFile(join(archive, part.file)));
    for (let at = 0; at < plain.length;) {
      const end = plain.indexOf(0x0a, at);
      const { t, l, b } = JSON.parse(plain.toString("utf8", at, end)) as {
        t?: string | null;
        l?: string | null;
        b: { $binary: { base64: string } } | null;
      };
      hashes.push(
        createHash("sha256")
          .update(b === null ? Buffer.from((t ?? l)!) : Buffer.from(b.$binary.base64, "base64"))
          .digest("hex"),
      );
      at = end + 1;
    }
  }
  return hashes;
}
