import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "mongodb";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  journeyServers,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

for (const server of journeyServers("mysql")) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`an encrypted archive from ${server} to MongoDB${why}`, () => {
    test("is exported, loaded and compared with its key, and what is refused is encrypted too", async () => {
      await using place = await folder();
      const name = ownName("sqlsecret");
      await using source = await sqlDatabase(server, name);
      await using target = await mongodbDatabase(name);
      await source.connection.query(
        "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20), email VARCHAR(40), UNIQUE KEY email (email))",
      );
      await source.connection.query(
        "INSERT INTO people VALUES (1, 'Ada', NULL), (2, 'Bob', NULL), (3, 'Cy', 'cy@example')",
      );
      const [archive, passphrase] = [join(place.path, "archive"), join(place.path, "passphrase")];
      await writeFile(passphrase, "a passphrase of several words");
      const key = ["--archive", archive, "--passphrase-file", passphrase];
      const urls = { mongodbUrl: target.url, mysqlUrl: source.url };
      await mustEndWell(["export", "--source", "mysql", ...key], urls);
      // It transforms first, for nobody has.
      await mustEndWell(["load", ...key], urls);
      await mustEndWell(["checksum", ...key], urls);
      await mustEndWell(["status", ...key], urls);
      const people = target.db.collection<{ _id: number }>("people");
      expect(await people.find().sort({ _id: 1 }).toArray()).toEqual([
        { _id: 1, name: "Ada", email: null },
        { _id: 2, name: "Bob", email: null },
        { _id: 3, name: "Cy", email: "cy@example" },
      ]);
      expect((await firebreak(["load", "--archive", archive], urls)).exitCode).toBe(5);

      const ledger = target.db.collection<{ _id: Document }>("firebreak_ledger");
      await ledger.deleteMany({ "_id.part": { $exists: true } });
      await ledger.updateOne({ _id: { load: "people" } }, { $set: { state: "begun" } });
      await people.replaceOne({ _id: 2 }, { name: "another Bob" });
      const refused = await firebreak(["load", ...key], urls);
      expect(refused.exitCode, refused.output).toBe(4);
      const files = await readdir(`${archive}.work/load-quarantine`, { recursive: true });
      expect(files.filter((f) => f.includes(".zst"))).toEqual([expect.stringMatching(/\.zst\.age$/)]);
      await people.deleteOne({ _id: 2 });
      await mustEndWell(["load", "--replay-quarantine", ...key], urls);
      expect(await people.findOne({ _id: 2 })).toEqual({ _id: 2, name: "Bob", email: null });
      await mustEndWell(["checksum", ...key], urls);
    });
  });
}
