import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";

const { isLacking, why } = lacking("mysql");

test.skipIf(isLacking).each(["mysql", "mongodb"] as const)(
  `a delta is transformed for the kind of target that its chain was made for, here %s${why}`,
  async (kind) => {
    await using place = await folder();
    await using database = await sqlDatabase("mysql", ownName("chain_kind"));
    const source = ["--source", "mysql", "--include", `${database.name}.*`];
    const [full, delta] = [join(place.path, "full"), join(place.path, "delta")];
    const urls = { mysqlUrl: database.url };
    await database.connection.query("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
    await mustEndWell(["export", ...source, "--archive", full], urls);
    await mustEndWell(["transform", "--to", kind, "--archive", full]);
    await database.connection.query("INSERT INTO t VALUES (1, 1)");
    await mustEndWell(["export", "--source", "mysql", "--archive", delta, "--delta-from", full], urls);
    await mustEndWell(["transform", "--archive", delta]);
    expect(existsSync(join(delta, kind, "manifest.json"))).toBe(true);
  },
);
