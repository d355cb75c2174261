import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { TablePart } from "@firebreak/archive";
import { MysqlSession, mysqlTarget, serverFacts } from "../../../src/index.ts";
import { lacking, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { diskFindings, serverDisk } from "../../../src/target/preflight/disk.ts";
import { items } from "./items.ts";

const MIB = 2 ** 20;
const part = (plainBytes: number, lineCount = 0): TablePart => ({ plainBytes, lineCount }) as TablePart;
const rest = (bytes: number, lineCount = 0) => [{ table: items(), todo: [part(bytes, lineCount)] }];
const disk = (freeBytes: number) => ({ folder: "/data", freeBytes });

test("rows that cannot fit the disk in any form are refused", () => {
  const { findings } = diskFindings(rest(1000 * MIB), disk(500 * MIB), undefined);
  expect(findings).toEqual([{ what: "disk-small", folder: "/data", needed: 1500 * MIB, free: 500 * MIB }]);
});

test("rows that may not fit it are not refused, and it is said", () => {
  expect(diskFindings(rest(1000 * MIB), disk(1200 * MIB), undefined)).toEqual({
    findings: [],
    notes: [{ code: "load-disk", fields: { needed: 1500 * MIB, free: 1200 * MIB } }],
  });
  expect(diskFindings(rest(1000 * MIB), disk(1600 * MIB), undefined)).toEqual({ findings: [], notes: [] });
});

test("indexes and the binary log need space too", () => {
  const index = { name: "i", statement: "CREATE INDEX `i` ON `items` (`n`)" };
  const remaining = [
    { table: items({ indexes: [index, index] }), todo: [part(1000 * MIB, MIB), part(0, MIB)] },
  ];
  const { notes } = diskFindings(remaining, disk(2000 * MIB), { keptSeconds: 0 });
  expect(notes).toEqual([
    { code: "load-disk", fields: { needed: 1500 * MIB + 4 * 60 * MIB + 1000 * MIB, free: 2000 * MIB } },
  ]);
});

test("where the disk is not known it is said how much is needed, unless that is little", () => {
  expect(diskFindings(rest(1000 * MIB), undefined, undefined).notes).toEqual([
    { code: "load-disk", fields: { needed: 1500 * MIB, free: undefined } },
  ]);
  expect(diskFindings(rest(10 * MIB), undefined, undefined).notes).toEqual([]);
});

describe("the disk of a server", () => {
  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking)(`on this machine is known: ${server}${why}`, async () => {
      const session = await MysqlSession.open(mysqlTarget(urlOf(server)));
      try {
        const facts = await serverFacts(session);
        const { stdout } = await execa("df", ["--output=avail", "-B1", facts.dataFolder]);
        const found = await serverDisk(facts);
        const free = Number(stdout.split("\n")[1]);
        // Others write to it meanwhile.
        expect(Math.abs(found!.freeBytes - free)).toBeLessThan(1024 * MIB);
      } finally {
        await session.close();
      }
    });
  }

  test("on another machine is not known, even where a folder here has the name of its data's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "firebreak-test-"));
    try {
      expect(await serverDisk({ hostname: hostname(), dataFolder: folder })).toMatchObject({ folder });
      expect(await serverDisk({ hostname: "elsewhere", dataFolder: folder })).toBeUndefined();
      expect(await serverDisk({ hostname: hostname(), dataFolder: join(folder, "no") })).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
