import { expect, test } from "vitest";
import { checklist, type ChecklistFacts } from "../src/checklist.ts";

const FACTS: ChecklistFacts = {
  folder: "/a",
  archive: undefined,
  isTaken: false,
  given: { everywhere: [], rehearse: [], plan: [], filter: [], profile: [], site: [] },
  findings: [],
  settings: [],
  tables: [],
};
const COVERING = { folder: "/a", at: "2026-11-01", documents: 1, delta: "change-stream" } as const;
const codesOf = (changes: Partial<ChecklistFacts>) =>
  checklist({ ...FACTS, ...changes }).map(({ code }) => code);

test("the steps are in the order of a move, and each link of the chain goes on from the one before", () => {
  expect(codesOf({})).toEqual([
    "backup",
    "rehearse",
    "export",
    "copy",
    "load",
    "checksum",
    "query-test",
    "delta",
    "stop-application",
    "last-delta",
    "switch",
    "keep",
    "day-after",
  ]);
  expect(checklist(FACTS).find(({ code }) => code === "last-delta")!.commands).toEqual([
    ["export", "--archive", "/a-2", "--delta-from", "/a-1"],
    ["load", "--archive", "/a-2"],
    ["checksum", "--archive", "/a-2", "--since-last"],
  ]);
});

test("an archive that is there is not exported again", () => {
  expect(codesOf({ archive: COVERING })).toContain("archive-there");
  expect(codesOf({ archive: COVERING })).not.toContain("export");
});

test("an archive that serves no delta stays as it is, and the new one gets another folder", () => {
  const { delta: _, ...unfit } = COVERING;
  const steps = checklist({ ...FACTS, archive: unfit, isTaken: true });
  const exports = steps.find(({ code }) => code === "export")!.commands;
  expect(exports[0]).toEqual(["export", "--archive", "/a-new"]);
});

test("what stops the move is mended first, and advised settings have their steps", () => {
  const setting = { variable: "v", value: "0", advised: "1", reason: "durable" } as const;
  const codes = codesOf({
    findings: [{ code: "disk-small", severity: "stop", fields: { folder: "/d", needed: 2, free: 1 } }],
    settings: [
      { ...setting, for: "load" },
      { ...setting, for: "service" },
    ],
  });
  expect(codes[0]).toBe("mend");
  expect(codes).toEqual(expect.arrayContaining(["settings-for-load", "settings-for-service"]));
  // No application runs on the settings of a load.
  expect(codes.indexOf("settings-for-service")).toBeLessThan(codes.indexOf("switch"));
});

test("a target with tables is backed up before", () => {
  const table = { kind: "table", database: "d", name: "t", items: 1, bytes: 1, indexBytes: 1 } as const;
  const backupOf = (tables: ChecklistFacts["tables"]) =>
    checklist({ ...FACTS, tables }).find(({ code }) => code === "backup")!.commands;
  expect(backupOf([])).toEqual([]);
  expect(backupOf([table])[0]).toEqual(["export", "--archive", "/a-target-before", "--source", "mysql"]);
});
