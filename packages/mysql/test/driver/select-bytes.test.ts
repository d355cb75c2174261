import { expect, test } from "vitest";
import { lacking, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { MysqlSession, mysqlTarget } from "../../src/driver/connect.ts";
import { selectBytes } from "../../src/driver/select-bytes.ts";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  test.skipIf(isLacking)(`values of ${server} arrive as their bytes, with their kinds${why}`, async () => {
    await using session = await MysqlSession.open(mysqlTarget(urlOf(server)));
    const found = await selectBytes(
      session,
      "SELECT ? AS n, ? AS t, X'00ff' AS b, TIMESTAMP'2024-01-02 03:04:05' AS m, ? AS nothing, 1.50 AS d",
      [9_223_372_036_854_775_807n, "ü'?", null],
    );
    expect(found.names).toEqual(["n", "t", "b", "m", "nothing", "d"]);
    expect(found.rows).toHaveLength(1);
    expect(found.rows[0]!.map((bytes) => bytes?.toString("latin1"))).toEqual([
      "9223372036854775807",
      Buffer.from("ü'?").toString("latin1"),
      "\u0000\u00ff",
      "2024-01-02 03:04:05",
      undefined,
      "1.50",
    ]);
    expect(found.kinds).toEqual(["number", "text", "binary", "moment", expect.any(String), "number"]);
  });
}
