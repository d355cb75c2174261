import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checksumArchive } from "../../../../checksum/src/index.ts";
import { loadArchive } from "@firebreak/load";
import { mysqlChecksumTarget, mysqlLoadTarget } from "@firebreak/mysql/target";
import { expect, test } from "vitest";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { told, transformed } from "@firebreak/testing/archives/transformed";
import { writeDelta, type CollectionChange } from "@firebreak/testing/deltas/write-delta";

const int = (n: number): string => `{"$numberInt":"${n}"}`;
const line = (id: string, text: string): string => `{"_id":${id},"text":${JSON.stringify(text)}}`;
const key = (id: string): string => `{"_id":${id}}`;
const ODD = '"seed-admin"';
/** Above the 4 MiB that a line of a table whose rows are hashed in one go may have. */
const LONG = "x".repeat(5 << 20);

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  test.skipIf(isLacking)(
    `documents that a table in ${server} has no place for do not keep the others of three deltas out${why}`,
    async () => {
      await using place = await folder();
      await using database = await sqlDatabase(server, ownName("odd"));
      const link = async (archive: string): Promise<void> => {
        await transformed(archive);
        const work = join(place.path, "work");
        const common = { archive, folder: join(archive, "mysql"), jobs: 1, work };
        const more = { maxQuarantine: 0, isReplay: false, isDryRun: false };
        const target = mysqlLoadTarget({ url: database.url, mayAlter: true });
        await told(loadArchive(target, { ...common, ...more }));
        const accounts = (
          await told(checksumArchive(mysqlChecksumTarget({ url: database.url }), common))
        ).flatMap((event) => (event.kind === "account" ? event.accounts : []));
        expect(accounts.flatMap((a) => a.tables ?? []).map((t) => t.equal)).not.toContain(false);
      };
      let previous = join(place.path, "full");
      const delta = async (name: string, ...changes: Omit<CollectionChange, "change">[]): Promise<void> => {
        const archive = join(place.path, name);
        await writeDelta(
          archive,
          previous,
          changes.map((c) => ({ ...c, change: "changed" })),
        );
        await link(archive);
        previous = archive;
      };
      const rows = async (): Promise<unknown> =>
        (
          await database.connection.query(
            "SELECT _id, text FROM things UNION ALL SELECT -_id, text FROM other ORDER BY _id",
          )
        )[0];

      await mkdir(previous);
      await writeArchive(previous, [
        { collection: "things", parts: [[1, 2, 3].map((n) => line(int(n), `thing ${n}`))] },
        { collection: "other", parts: [[line(int(1), "before")]] },
      ]);
      await link(previous);

      await delta(
        "one",
        {
          collection: "things",
          upserts: [
            line(ODD, "of another type"),
            line(int(2), LONG),
            line(int(4), LONG),
            line(int(5), "thing 5"),
          ],
          deletes: [key(int(3))],
        },
        { collection: "other", upserts: [line(int(1), "after")] },
      );
      expect(await rows()).toEqual([
        { _id: -1, text: "after" },
        { _id: 1, text: "thing 1" },
        { _id: 5, text: "thing 5" },
      ]);

      await delta("two", {
        collection: "things",
        upserts: [line(ODD, "still"), line(int(2), "thing 2"), line(int(1), "thing 1 again")],
      });
      await delta(
        "three",
        { collection: "things", deletes: [key(ODD), key(int(4))] },
        { collection: "other", deletes: [key(int(1))] },
      );
      expect(await rows()).toEqual([
        { _id: 1, text: "thing 1 again" },
        { _id: 2, text: "thing 2" },
        { _id: 5, text: "thing 5" },
      ]);
    },
  );
}
