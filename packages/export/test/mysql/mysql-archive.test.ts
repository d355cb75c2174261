import { readFile, writeFile } from "node:fs/promises";
import { verified } from "@firebreak/testing/recipes/verified";
import { join } from "node:path";
import {
  identityOfPassphrase,
  readDatabaseFile,
  readSourceManifest,
  readTableFile,
  type SourceTable,
} from "@firebreak/archive";
import { BSON } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import {
  asUser,
  lacking,
  ownName,
  SQL_SERVERS,
  sqlDatabase,
  urlOf,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { LEDGER } from "../../../mysql/src/index.ts";
import { documentOfLine } from "@firebreak/testing/documents/document-of-line";

const PASSWORD = "not secret at all";

const STATEMENTS = [
  "CREATE TABLE parents (id INT PRIMARY KEY) COMMENT 'of children'",
  "CREATE TABLE children (id INT AUTO_INCREMENT, parent INT, name VARCHAR(20) CHARACTER SET utf8mb4 COMMENT 'a name', twice INT AS (parent * 2) VIRTUAL, PRIMARY KEY (id), KEY by_name (name(5) DESC), FULLTEXT (name), CONSTRAINT known FOREIGN KEY (parent) REFERENCES parents (id))",
  "INSERT INTO parents VALUES (1), (2)",
  "INSERT INTO children (parent, name) VALUES (1, 'one'), (NULL, 'two')",
  "CREATE TABLE strange (`$oid` INT PRIMARY KEY, `a.b` INT, `tick``` INT)",
  "INSERT INTO strange VALUES (1, 2, 3)",
  "CREATE TABLE made_up (a INT AS (1) STORED)",
  "INSERT INTO made_up VALUES (DEFAULT), (DEFAULT)",
  "CREATE VIEW names AS SELECT name FROM children",
  "CREATE TRIGGER first_one BEFORE INSERT ON children FOR EACH ROW SET NEW.name = UPPER(NEW.name)",
  "CREATE TRIGGER second_one BEFORE INSERT ON children FOR EACH ROW FOLLOWS first_one SET NEW.name = TRIM(NEW.name)",
  "CREATE PROCEDURE count_all() SELECT COUNT(*) FROM children",
  "CREATE FUNCTION doubled(n INT) RETURNS INT DETERMINISTIC RETURN n * 2",
  "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM children WHERE id < 0",
  `CREATE TABLE ${LEDGER} (table_name INT)`,
];

describe.each(SQL_SERVERS)("of %s", (server) => {
  const { isLacking, why } = lacking(server);

  describe.skipIf(isLacking)(`an archive${why}`, () => {
    let source: Awaited<ReturnType<typeof sqlDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;
    let archive: string;
    let said: string;

    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("shop"));
      place = await folder();
      for (const statement of STATEMENTS) await source.connection.query(statement);
      if (server === "mariadb") {
        await source.connection.query("CREATE SEQUENCE numbers START WITH 100 CACHE 10");
        await source.connection.query("SELECT NEXTVAL(numbers)");
      }
      archive = join(place.path, "archive");
      said = (await well(exported(archive, source.url))).text;
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    const exportOf = (
      name: string,
      url: string,
      options: Parameters<typeof exported>[2] = {},
    ): Promise<Outcome> => exported(join(place.path, name), url, options);

    async function tableOf(name: string): Promise<SourceTable> {
      const { manifest } = await readSourceManifest(archive);
      return readTableFile(
        archive,
        manifest.namespaces.find((n) => n.collection === name)!,
      );
    }

    test("has tables and views, and not our own ledger", async () => {
      const { manifest } = await readSourceManifest(archive);
      expect(manifest.source.kind).toBe("mysql");
      expect(manifest.namespaces.map((n) => [n.collection, n.kind, n.lineCount])).toEqual([
        ["children", "table", 2],
        ["made_up", "table", 2],
        ["names", "view", 0],
        ["parents", "table", 2],
        ["strange", "table", 1],
      ]);
    });

    test("has the statement, columns, indexes and triggers of a table, in order", async () => {
      const children = await tableOf("children");
      expect(children.createStatement).toContain("CONSTRAINT `known` FOREIGN KEY");
      expect(
        children.columns.map((c) => [c.name, c.dataType, c.isNullable, c.isGenerated, c.comment]),
      ).toEqual([
        ["id", "int", false, false, ""],
        ["parent", "int", true, false, ""],
        ["name", "varchar", true, false, "a name"],
        ["twice", "int", true, true, ""],
      ]);
      expect(children.keyColumns).toEqual(["id"]);
      expect(children.indexes.find((i) => i.name === "by_name")).toMatchObject({
        isUnique: false,
        columns: [{ name: "name", prefix: 5 }],
      });
      expect(children.indexes.map((i) => i.type)).toContain("FULLTEXT");
      expect(children.triggers.map((t) => t.name)).toEqual(["first_one", "second_one"]);
      expect(children.triggers[0]!.createStatement).toContain("UPPER(NEW.name)");
      expect((await tableOf("parents")).comment).toBe("of children");
      expect((await tableOf("names")).createStatement).toMatch(/^CREATE .*VIEW/);
    });

    test("leaves generated columns out of lines", async () => {
      expect(await linesOf(archive, `${source.name}.children`)).toEqual([
        '{"id":{"$numberInt":"1"},"parent":{"$numberInt":"1"},"name":"one"}',
        '{"id":{"$numberInt":"2"},"parent":null,"name":"two"}',
      ]);
      expect(await linesOf(archive, `${source.name}.made_up`)).toEqual(["{}", "{}"]);
    });

    test("says a row exactly whose columns have names that mean types in a line", async () => {
      const [line] = await linesOf(archive, `${source.name}.strange`);
      expect(line).toMatch(/^{"\$firebreak":/);
      expect(BSON.deserialize(documentOfLine(line!))).toEqual({ $oid: 1, "a.b": 2, "tick`": 3 });
    });

    test("has what a database has besides, as statements", async () => {
      const { manifest } = await readSourceManifest(archive);
      const database = await readDatabaseFile(archive, manifest.databases![0]!);
      expect(database.createStatement).toMatch(/^CREATE DATABASE/);
      expect(database.procedures.map((p) => p.name)).toEqual(["count_all"]);
      expect(database.functions[0]).toMatchObject({ name: "doubled" });
      expect(database.functions[0]!.createStatement).toContain("RETURN n * 2");
      expect(database.events[0]).toMatchObject({ name: "nightly", timeZone: "SYSTEM" });
      if (server === "mariadb")
        expect(database.sequences[0]).toMatchObject({
          name: "numbers",
          next: "110",
          createStatement: expect.stringContaining("SEQUENCE") as string,
        });
    });

    test("comes with a word on what is in it and what is not", () => {
      expect(said).toContain("1 view, 2 triggers, 2 routines, 1 event");
      expect(said).toContain("Users and their grants are not in it");
    });

    test("takes of a server all databases but its own, as far as the globs let them through", async () => {
      const { ending, text } = await exportOf("server", urlOf(server), {
        include: [`${source.name}.*`],
        exclude: ["*.par*"],
      });
      expect(ending, text).toBe("well");
      const { manifest } = await readSourceManifest(join(place.path, "server"));
      expect(manifest.namespaces.map((n) => n.collection)).toEqual([
        "children",
        "made_up",
        "names",
        "strange",
      ]);
      expect(manifest.settings.exclude).toEqual(["*.par*"]);
      const ofSystem = await exportOf("system", urlOf(server), { include: ["mysql.*", "sys.*"] });
      expect(ofSystem).toMatchObject({
        ending: "export-nothing",
        text: expect.stringContaining("no table that matches") as string,
      });
    });

    test("can be encrypted, and then shows no names", async () => {
      const passphraseFile = await passphrase();
      const closed = join(place.path, "closed");
      await well(exported(closed, source.url, { hasPassphrase: true, passphraseFile }));
      const manifest = await readFile(join(place.path, "closed", "manifest.json"), "utf8");
      expect(manifest).toContain("databases/00000.json.age");
      expect(manifest).not.toContain("children");
      const { identity } = await identityOfPassphrase(closed, passphraseFile, false);
      await well(verified(closed, { identities: [identity] }));
    });

    test("says which tables a snapshot does not hold still, and does not promise one moment then", async () => {
      await source.connection.query("CREATE TABLE loose (id INT PRIMARY KEY) ENGINE=MyISAM");
      try {
        const { ending, text } = await exportOf("loose", source.url);
        expect(ending, text).toBe("well");
        expect(text).toContain(`${source.name}.loose (MyISAM)`);
        const { manifest } = await readSourceManifest(join(place.path, "loose"));
        expect(manifest.consistency).toBe("document");
      } finally {
        await source.connection.query("DROP TABLE loose");
      }
    });

    test("says what a user cannot see", async () => {
      const user = ownName("sees");
      await source.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${PASSWORD}'`);
      await source.connection.query(`GRANT SELECT, SHOW VIEW ON \`${source.name}\`.* TO '${user}'@'%'`);
      try {
        const { ending, text } = await exportOf("seen", asUser(source.url, user, PASSWORD));
        expect(ending, text).toBe("well");
        expect(text).toContain("triggers, if there are any");
        expect(text).toContain("events, if there are any");
      } finally {
        await source.connection.query(`DROP USER '${user}'@'%'`);
      }
    });

    test("is not begun where the folder has one already", async () => {
      expect(await exportOf("archive", source.url)).toMatchObject({ ending: "archive-exists" });
    });

    async function passphrase(): Promise<string> {
      const file = join(place.path, "passphrase");
      await writeFile(file, "open sesame\n");
      return file;
    }
  });
});
