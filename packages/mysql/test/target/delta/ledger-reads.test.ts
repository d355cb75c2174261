import { join } from "node:path";
import { Int32 } from "bson";
import { afterEach, expect, test, vi } from "vitest";
import { MysqlSession } from "@firebreak/mysql";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase } from "@firebreak/testing/servers/databases";
import { loadArchive } from "../../../../load/src/index.ts";
import { mysqlLoadTarget } from "@firebreak/mysql/target";
import { HandMadeChain } from "@firebreak/testing/deltas/hand-made-chain";
import { thing } from "@firebreak/testing/deltas/delta-cases";

afterEach(() => vi.restoreAllMocks());

const { isLacking, why } = lacking("mongodb", "mysql");
test.skipIf(isLacking)(
  `a delta reads the whole ledger as often for eight tables as for one${why}`,
  async () => {
    await using place = await folder();
    await using database = await sqlDatabase("mysql", ownName("reads"));
    const tables = Array.from({ length: 8 }, (_, i) => `t${i}`);
    const documents = [{ _id: new Int32(1), name: "one" }];
    const full = await makeArchive(place.path, {
      database: ownName("reads"),
      collections: Object.fromEntries(tables.map((t) => [t, documents])),
    });
    const chain = await HandMadeChain.of(full);
    const rows = vi.spyOn(MysqlSession.prototype, "rows");
    /** How often an archive's load reads the whole ledger. */
    const reads = async (archive: string): Promise<number> => {
      rows.mockClear();
      const target = mysqlLoadTarget({ url: database.url });
      const options = { archive, folder: join(archive, "mysql"), work: join(place.path, "work"), jobs: 2 };
      const how = { maxQuarantine: 0, isReplay: false, isDryRun: false };
      for await (const _ of loadArchive(target, { ...options, ...how }));
      return rows.mock.calls.filter(([sql]) => /FROM .*`firebreak_ledger`\s*$/.test(sql)).length;
    };
    const whole = await reads(full);
    const one = await reads(await chain.delta({ t0: { upserts: [thing(2, "two")] } }));
    const changes = tables.map((t, i) => [t, { upserts: [thing(3 + i, "more")] }]);
    const eight = await reads(await chain.delta(Object.fromEntries(changes)));
    expect(whole).toBeGreaterThan(0);
    expect(eight).toBe(one);
    for (const table of tables)
      expect(await database.value(`SELECT COUNT(*) FROM ${table}`)).toBe(table === "t0" ? "3" : "2");
  },
);
