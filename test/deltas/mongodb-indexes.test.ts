import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import {
  journeyServers,
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
} from "@firebreak/testing/servers/databases";

for (const server of journeyServers("mysql")) {
  const { isLacking, why } = lacking("mongodb", server);
  test.skipIf(isLacking)(
    `indexes that a collection got and lost since the full archive are those of its table in ${server}, with --yes${why}`,
    async () => {
      await using source = await mongodbDatabase(ownName("indexes"));
      await using target = await sqlDatabase(server, ownName("indexes"));
      await using place = await folder();
      const at = (name: string): string => join(place.path, name);
      const urls = { mongodbUrl: source.url, mysqlUrl: target.url };
      const items = source.db.collection<{ _id: number; a: number; b: string; c: number }>("items");
      await items.insertMany(
        Array.from({ length: 50 }, (_, i) => ({ _id: i, a: i % 5, b: `b${i % 2}`, c: i })),
      );
      await items.createIndex({ a: 1 });
      await items.createIndex({ c: 1 }, { unique: true });
      await mustEndWell(["export", "--archive", at("full")], urls);
      await mustEndWell(["load", "--archive", at("full")], urls);
      // The table's unique index would refuse the row of 1, and a new one the rows as they are before the delta.
      await items.dropIndex("c_1");
      await items.dropIndex("a_1");
      await items.updateMany({}, [{ $set: { c: { $cond: [{ $eq: ["$_id", 1] }, 2, "$c"] }, a: "$_id" } }]);
      await items.createIndex({ a: -1 }, { unique: true });
      await items.createIndex({ b: 1, c: 1 });
      await mustEndWell(["export", "--archive", at("d1"), "--delta-from", at("full")], urls);
      const refused = await firebreak(["load", "--archive", at("d1")], urls);
      expect(refused.exitCode, refused.output).toBe(6);
      expect(refused.output).toMatch(
        /DROP INDEX `c_1`;\n[^]*CREATE UNIQUE INDEX `a__1` ON `items` \(`a` DESC\);/,
      );
      await mustEndWell(["load", "--archive", at("d1"), "--yes"], urls);
      await mustEndWell(["checksum", "--archive", at("d1")], urls);
      const [rows] = await target.connection.query(
        "SELECT index_name AS name, MAX(1 - non_unique) AS isUnique, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'items' GROUP BY index_name ORDER BY index_name",
      );
      expect((rows as object[]).map((row) => Object.values(row).map(String))).toEqual([
        ["a__1", "1", "a"],
        ["b_1_c_1", "0", "b,c"],
        ["PRIMARY", "1", "_id"],
      ]);
      await items.insertOne({ _id: 100, a: 100, b: "b", c: 100 });
      await mustEndWell(["export", "--archive", at("d2"), "--delta-from", at("d1")], urls);
      await mustEndWell(["load", "--archive", at("d2")], urls);
    },
  );
}
