import { afterEach, expect, test, vi } from "vitest";
import type { CommandEvent } from "../../src/command.ts";
import { english } from "../../src/messages/en/english.ts";
import { findingLines } from "../../src/messages/en/findings.ts";
import { targetFinding } from "../../src/messages/en/preflight.ts";
import { withoutCounts, withoutName } from "../../src/screen/fold-shards.ts";
import { Reporter } from "../../src/screen/reporter.ts";

afterEach(() => void vi.restoreAllMocks());

const OPTIONS = {
  command: "checksum",
  isJson: false,
  isQuiet: false,
  isData: false,
  hasOwnReport: false,
  onlyLooks: false,
  tellsNotCarried: false,
  isDryRun: false,
  startsOver: false,
  language: english,
} as const;

/** What people read of these events, line by line, and the lines of `--json`. */
async function toldOf(events: readonly CommandEvent[], isJson = false): Promise<string[]> {
  let written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const reporter = new Reporter({ ...OPTIONS, isJson }, process);
  // eslint-disable-next-line @typescript-eslint/require-await
  const all = async function* (): AsyncGenerator<CommandEvent> {
    yield* events;
  };
  await reporter.follow(all());
  reporter.finish();
  return written.trimEnd().split("\n");
}

const missing = (table: string): CommandEvent => ({
  kind: "note",
  code: "table-missing",
  fields: { table },
});
const shards = (count: number): string[] => Array.from({ length: count }, (_, i) => `t_messages_${i}`);

function differing(table: string, more: Partial<{ missing: number; extra: number }> = {}): CommandEvent {
  const key = ["1"];
  const first = [{ table, kind: "missing", key, columns: [] }] as const;
  const keyColumns = [{ name: "id", type: "int" }];
  const counts = { missing: 2, extra: 0, changed: 1, ...more };
  return { kind: "differences", table, file: "differences.ndjson", keyColumns, ...counts, first };
}

test("three shards are told one by one, of four the last is only named", async () => {
  expect(await toldOf(shards(3).map(missing))).toHaveLength(3 + 1);
  const lines = await toldOf(shards(4).map(missing));
  expect(lines.slice(0, 4)).toEqual([
    ...shards(3).map((table) => expect.stringContaining(`Table ${table} `) as string),
    "The same holds for 1 more: t_messages_3",
  ]);
});

test("of many shards the rest is one line, and what is said of one alone is a line of its own", async () => {
  const events = shards(128).map(missing);
  const lines = await toldOf([
    ...events.slice(0, 60),
    { kind: "note", code: "table-undropped", fields: { table: "t_messages_60" } },
    ...events.slice(61),
  ]);
  expect(lines.filter((line) => line.startsWith("Table "))).toHaveLength(4);
  expect(lines).toContain(english.notes["table-undropped"]({ table: "t_messages_60" }, {}));
  expect(lines.filter((line) => line.startsWith("The same"))).toEqual([
    "The same holds for 57 more: t_messages_3 … t_messages_59",
    "The same holds for 67 more: t_messages_61 … t_messages_127",
  ]);
});

test("tables that are no shards are told one by one", async () => {
  expect(await toldOf(["a", "b", "c", "d", "e"].map(missing))).toHaveLength(5 + 1);
});

test("rows that differ are told in sum, but of a shard in which others do", async () => {
  const lines = await toldOf([
    ...shards(100).map((table) => differing(table)),
    differing("t_messages_100", { extra: 5 }),
  ]);
  expect(lines).toContain(
    "97 more differ likewise, in all 194 missing, 0 extra, 97 changed: t_messages_3 … t_messages_99",
  );
  expect(lines).toContain("Table t_messages_100 differs: 2 missing, 5 extra, 1 changed.");
  expect(lines.length).toBeLessThan(30);
});

test("--json has an event for each", async () => {
  const lines = await toldOf(shards(128).map(missing), true);
  expect(lines.filter((line) => line.includes('"table-missing"'))).toHaveLength(128);
});

test("a refusal that is the same for many tables is there once, with the others' names", () => {
  const findings = shards(128).map((table, i) => ({ what: "given-taken", table, rowCount: i + 1 }) as const);
  const other = { what: "triggers", table: "t_messages_128", names: ["t"] } as const;
  const lines = findingLines([...findings, other], targetFinding).split("\n");
  expect(lines).toEqual([
    `  - ${targetFinding(findings[0]!)}`,
    "    The same holds, with other counts, for 127 more: t_messages_1 … t_messages_127",
    `  - ${targetFinding(other)}`,
  ]);
});

test("three refusals are a line each, as are those that say something else", () => {
  const taken = (table: string) => ({ what: "table-taken", table }) as const;
  expect(findingLines(["a", "b", "c"].map(taken), targetFinding).split("\n")).toHaveLength(3);
  expect(findingLines(["a", "b", "c", "d"].map(taken), targetFinding).split("\n")).toHaveLength(2);
  const of = (table: string, found: string) =>
    ({
      what: "table-differs",
      table,
      problems: [{ column: "c", why: "narrower", expected: "varchar(20)", found }],
    }) as const;
  const findings = [
    of("a", "varchar(16)"),
    of("b", "varchar(16)"),
    of("c", "varchar(10)"),
    of("d", "varchar(12)"),
  ];
  expect(findingLines(findings, targetFinding).split("\n")).toHaveLength(4);
});

test("counts and the name are left out of what is compared; types and other names are not", () => {
  expect(withoutName("table t_7 has t_71, t_7.c and at_7", "t_7")).toBe("table * has t_71, *.c and at_7");
  expect(withoutCounts("1,234 rows, 5.")).toBe("# rows, #");
  expect(withoutCounts("c1 is decimal(5,2)")).toBe("c1 is decimal(5,2)");
});

test("collections are alike whose texts name them also without their database", async () => {
  expect(withoutName("db.t_7: collection\n  table  t_7, 1 row", "db.t_7")).toBe(
    "*: collection\n  table  *, 1 row",
  );
  const foreign = (name: string): CommandEvent => ({
    kind: "note",
    code: "loaded-documents-differ",
    fields: { namespace: `db.${name}`, expected: 1, found: 0, missing: ["1"], extra: [], changed: [] },
  });
  const lines = await toldOf(shards(40).map(foreign));
  expect(lines.filter((line) => line.startsWith("The same holds"))).toEqual([
    "The same holds for 37 more: db.t_messages_3 … db.t_messages_39",
  ]);
});

test("one shard of which several things are said has a line of each", async () => {
  expect(await toldOf(Array.from({ length: 6 }, () => missing("t_messages_1")))).toHaveLength(6 + 1);
});

test("refusals of shards of two kinds are told apart", () => {
  const taken = (table: string) => ({ what: "table-taken", table }) as const;
  const tables = [...shards(4), ...shards(4).map((name) => name.replace("messages", "users"))];
  expect(findingLines(tables.map(taken), targetFinding).split("\n")).toEqual([
    `  - ${targetFinding(taken("t_messages_0"))}`,
    "    The same holds for 3 more: t_messages_1 … t_messages_3",
    `  - ${targetFinding(taken("t_users_0"))}`,
    "    The same holds for 3 more: t_users_1 … t_users_3",
  ]);
});
