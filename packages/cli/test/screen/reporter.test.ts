import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { CommandEvent } from "../../src/command.ts";
import { english } from "../../src/messages/en/english.ts";
import { Reporter, type Terminal } from "../../src/screen/reporter.ts";

const OPTIONS = {
  command: "checksum",
  isJson: false,
  isQuiet: true,
  isData: false,
  hasOwnReport: false,
  onlyLooks: false,
  tellsNotCarried: false,
  isDryRun: false,
  startsOver: false,
  language: english,
} as const;

/** What a quiet run prints of these events, and how it ends. */
async function quietly(...events: CommandEvent[]): Promise<{ out: string; err: string; exitCode: number }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const reporter = new Reporter(OPTIONS, { stdout, stderr } as unknown as Terminal);
  // oxlint-disable-next-line typescript/require-await -- a run's events come one by one
  const all = async function* (): AsyncGenerator<CommandEvent> {
    yield* events;
  };
  await reporter.follow(all());
  const exitCode = reporter.finish();
  const said = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? "";
  return { out: said(stdout), err: said(stderr), exitCode };
}

test("names from a server cannot steer the terminal", async () => {
  const { err } = await quietly({
    kind: "account",
    accounts: [{ namespace: "shop.a\u001b[2J\nb", tables: [{ table: "t\u009b\r", rows: 1, equal: false }] }],
  });
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(err.split("\n")).toHaveLength(3);
  expect(err).toContain("shop.a\\u{1b}[2J\\nb");
});

const progress: CommandEvent = { kind: "progress", stage: "rows", items: 1, bytes: 1 };
const account = (equal: boolean, quarantined = 0): CommandEvent => ({
  kind: "account",
  accounts: [
    { namespace: "shop.orders", lines: 3, quarantined, tables: [{ table: "orders", rows: 3, equal }] },
  ],
});

test("with --quiet a run that went well says nothing", async () => {
  expect(await quietly(progress, account(true))).toEqual({ out: "", err: "", exitCode: 0 });
});

test("with --quiet what differs is said on stderr, with the table and its rows", async () => {
  const differs: CommandEvent = {
    kind: "differences",
    table: "orders",
    file: "differences.ndjson",
    keyColumns: [{ name: "id", type: "int" }],
    missing: 1,
    extra: 0,
    changed: 0,
    first: [{ table: "orders", kind: "missing", key: ["7"], columns: [] }],
  };
  const { out, err, exitCode } = await quietly(progress, differs, account(false));
  expect({ out, exitCode }).toEqual({ out: "", exitCode: 4 });
  expect(err).toContain("Table orders differs: 1 missing, 0 extra, 0 changed.");
  expect(err).toMatch(/missing\s+id 7/);
  expect(err).toMatch(/orders.*NO/);
});

test("with --quiet the count of what is in quarantine is said on stderr", async () => {
  const { out, err, exitCode } = await quietly(account(true, 2));
  expect({ out, exitCode }).toEqual({ out: "", exitCode: 3 });
  expect(err).toContain("2 documents are in quarantine");
});
