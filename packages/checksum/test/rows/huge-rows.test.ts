import { Binary, Decimal128, Double, Int32, Long, ObjectId } from "bson";
import type { Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServers, type Servers } from "../../../../scripts/servers/servers.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  lacking,
  ownName,
  sqlDatabaseAt,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import type { ReportedPiece } from "@firebreak/target";
import { differencesOf } from "../differences-of.ts";

const MANY_BYTES = 5_000_000;

/** So large that the manifest has rows hashed by the hashes of their values. */
const documents: readonly Document[] = Array.from({ length: 3 }, (_, n) => ({
  _id: new ObjectId(`${n}`.repeat(24)),
  film: new Binary(Buffer.alloc(MANY_BYTES, `film ${n}`)),
  story: `story ä ${n} `.repeat(300_000),
  whole: new Int32(n),
  long: Long.fromString("9007199254740993"),
  ratio: new Double(n / 7),
  money: Decimal128.fromString("1234.50"),
  isTrue: n === 1,
  at: new Date(1_700_000_000_000 + n),
  nothing: n === 1 ? "" : null,
}));

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`rows of many MB${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, {
      database: ownName("huge"),
      collections: { things: documents },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      // Of its own: the limits are of a whole server.
      let servers: Servers<"mysql" | "mariadb">;
      let database: SqlDatabase;
      beforeAll(async () => {
        servers = (await startServers([server])) as Servers<"mysql" | "mariadb">;
        database = await sqlDatabaseAt(servers[server].url, ownName("huge"));
        await database.connection.query("SET GLOBAL max_allowed_packet = 67108864");
        await well(loaded(archive, database.url));
        // Smaller than the values: what a server cannot copy it can still hash.
        await database.connection.query("SET GLOBAL max_allowed_packet = 1048576");
      });
      afterAll(async () => {
        await database[Symbol.asyncDispose]();
        await servers.stopAll();
      });

      test("are found equal on a server whose max_allowed_packet is below them", async () => {
        await well(checked(archive, database.url));
      });

      test("are shown where they begin to differ, be it at their very end", async () => {
        // Another connection, with the limit that the first one had when it was made, can still write them.
        await database.connection.query(
          `UPDATE things SET film = INSERT(film, ${MANY_BYTES}, 1, 'X'), story = INSERT(story, 2000000, 1, 'Y') WHERE whole = 1`,
        );
        await database.connection.query("UPDATE things SET nothing = NULL WHERE whole = 1");
        const { ending } = await checked(archive, database.url);
        expect(ending).toBe("unequal");
        const [difference, ...others] = await differencesOf(archive);
        expect(others).toEqual([]);
        expect(difference?.key).toEqual(["1".repeat(24)]);
        const found = new Map(difference?.columns.map((c) => [c.name, c.found]));
        expect([...found.keys()].sort()).toEqual(["film", "nothing", "story"]);
        expect(found.get("nothing")).toBeNull();
        const film = found.get("film") as ReportedPiece;
        expect(film).toMatchObject({ bytes: MANY_BYTES, from: MANY_BYTES - 1 - 64 });
        expect(film.piece.endsWith("58")).toBe(true);
        const story = found.get("story") as ReportedPiece;
        expect(story.bytes).toBeGreaterThan(3_000_000);
        expect(story.piece).toContain("Y");
      });
    });
  }
});
