import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlServer,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

/** A network namespace of its own has not even a loopback: nothing can be reached but sockets that are files. */
const WITHOUT_NETWORK = process.getuid?.() === 0 ? ["unshare", "-n"] : ["unshare", "-rn"];

const [program = "", ...args] = WITHOUT_NETWORK;
const canUnshare = (await execa(program, [...args, "true"], { reject: false })).exitCode === 0;
const noUnshare = canUnshare ? "" : " (skipped: unshare is not permitted here)";

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`the steps share nothing but files${source.why}`, () => {
  const name = ownName("apart");
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    await using database = await mongodbDatabase(name);
    await database.db.collection("c").insertMany([{ a: 1 }, { a: "two" }, { a: 3.5 }]);
    // No URL of MySQL is known to this process.
    await mustEndWell(["export", "--archive", archive], { mongodbUrl: database.url });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test.skipIf(!canUnshare)(`transform and verify need no network${noUnshare}`, async () => {
    await mustEndWell(["transform", "--archive", archive], { within: WITHOUT_NETWORK });
    await mustEndWell(["verify", "--archive", archive], { within: WITHOUT_NETWORK });
  });

  test("a load that only looks does not transform", async () => {
    const untransformed = join(place.path, "untransformed");
    await cp(archive, untransformed, { recursive: true });
    await rm(join(untransformed, "mysql"), { recursive: true, force: true });
    const before = (await readdir(untransformed)).toSorted();
    const args = ["load", "--dry-run", "--archive", untransformed];
    const { exitCode, stderr } = await firebreak(args, { mysqlUrl: "mysql://root@127.0.0.1:1/d" });
    expect(exitCode).toBe(5);
    expect(stderr).toContain("has not been transformed yet");
    expect((await readdir(untransformed)).toSorted()).toEqual(before);
  });

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking || !canUnshare)(
      `load and checksum on ${server} need its socket and nothing else${why}${noUnshare}`,
      async () => {
        const socket = await socketOf(server);
        await using database = await sqlDatabase(server, name);
        const mysqlUrl = `mysql://root@localhost/${name}?socketPath=${encodeURIComponent(socket)}`;
        await mustEndWell(["load", "--archive", archive], { mysqlUrl, within: WITHOUT_NETWORK });
        await mustEndWell(["checksum", "--archive", archive], { mysqlUrl, within: WITHOUT_NETWORK });
        expect(await database.value("SELECT COUNT(*) FROM c")).toBe("3");
      },
    );
  }
});

/** The server's socket; its own setting may be relative to its data folder. */
async function socketOf(server: SqlServer): Promise<string> {
  const connection = await createConnection({ uri: urlOf(server) });
  try {
    const [rows] = await connection.query("SELECT @@datadir AS folder, @@socket AS socket");
    const [{ folder: dataFolder, socket }] = rows as [{ folder: string; socket: string }];
    return socket.startsWith("/") ? socket : join(dataFolder, socket);
  } finally {
    await connection.end();
  }
}
