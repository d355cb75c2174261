import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readMysqlManifest } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { writeDelta } from "@firebreak/testing/deltas/write-delta";
import { lacking, ownName, sqlDatabase, type SqlDatabase } from "@firebreak/testing/servers/databases";
import { runCommandLine } from "../src/command-line.ts";
import { PROFILES, type Profiles } from "../src/profiles.ts";
import type { Terminal } from "../src/screen/reporter.ts";
import { ticketEntry } from "./ticket-profile/entry.ts";

/** All profiles, and that of a ticket system, which no package names. */
const WITH_TICKETS: Profiles = [...PROFILES, ticketEntry];

/** Runs a command in this process, and returns its exit code and all that it says. */
async function run(
  args: readonly string[],
  profiles = WITH_TICKETS,
): Promise<{ exitCode: number; output: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    const exitCode = await runCommandLine(args, { stdin, stdout, stderr } as unknown as Terminal, profiles);
    const streams = [stdout, stderr].map((s) => String((s.read() as Buffer | null) ?? ""));
    return { exitCode, output: [...streams, ...printed.mock.calls.flat().map(String)].join("\n") };
  } finally {
    printed.mockRestore();
  }
}

const ticket = (id: number, number: string, title: string, state = "open"): string =>
  `{"_id":{"$numberInt":"${id}"},"number":"${number}","title":"${title}","state":"${state}"}`;

let place: Awaited<ReturnType<typeof folder>>;
let archive: string;
let site: string;
beforeAll(async () => {
  place = await folder();
  archive = join(place.path, "archive");
  site = join(place.path, "site");
  await mkdir(archive);
  await mkdir(site);
  await writeFile(join(site, "tickets.ini"), "prefix = HELP-\n");
  const lines = [
    ticket(1, "HELP-7", "no paper"),
    ticket(2, "HELP-8", "no ink", "closed"),
    ticket(3, "?", "lost"),
    ticket(4, "HELP-9", "noise"),
  ];
  await writeArchive(archive, [{ collection: "tickets", parts: [lines] }]);
});
afterAll(() => place[Symbol.asyncDispose]());

test("help names the profile, and shows its example", async () => {
  const { output } = await run(["transform", "--help"]);
  expect(output.replaceAll(/\s+/g, " ")).toContain('choices: "generic", "wildfirechat", "tickets"');
  expect(output).toContain("pnpm transform --profile tickets --site /opt/tickets");
});

test("its archive is not taken for a generic one, with a message of its own", async () => {
  const { exitCode, output } = await run(["transform", "--archive", archive]);
  expect(exitCode).toBe(6);
  expect(output).toContain(`The database db of ${archive} has a ticket system's tickets.`);
  expect(await run(["transform", "--archive", archive, "--profile", "tickets"], PROFILES)).toMatchObject({
    exitCode: 2,
  });
});

test("its options and its site's files are read by itself, and its messages say what is wrong", async () => {
  const tickets = ["transform", "--archive", archive, "--profile", "tickets"];
  const option = await run([...tickets, "--profile-option", "zone=UTC"]);
  expect(option).toMatchObject({ exitCode: 2, output: expect.stringContaining("The option zone is none") });
  const empty = await run([...tickets, "--site", archive]);
  expect(empty).toMatchObject({ exitCode: 2, output: expect.stringContaining("has no tickets.ini.") });
  const generic = await run(["transform", "--archive", archive, "--profile", "generic", "--site", site]);
  expect(generic.output).toContain("--site is for --profile wildfirechat or tickets.");
});

test("transform maps its documents to its table, and the report has its words", async () => {
  const args = ["--archive", archive, "--profile", "tickets", "--site", site];
  const { exitCode, output } = await run(["transform", ...args]);
  expect(exitCode, output).toBe(3);
  expect(output).toContain("prefix = HELP- (of the site's files)");
  expect(output).toContain("tickets: tickets seen: 4");
  expect(output).toContain("tickets: closed, left out: 1");
  const { manifest } = await readMysqlManifest(join(archive, "mysql"));
  expect(manifest).toMatchObject({
    profile: "tickets",
    tables: [{ table: "ticket", isGiven: true, digest: { rowCount: 2 } }],
    namespaces: [{ mappedCount: 2, skippedCount: 1, quarantinedCount: 1 }],
  });
  const script = await readFile(join(archive, "mysql", "load.sh"), "utf8");
  expect(script).toContain("-e 'SELECT 1 FROM ticket_release'");
});

test("a delta is transformed as its chain was", async () => {
  const delta = join(place.path, "delta");
  await writeDelta(delta, archive, [
    { collection: "tickets", change: "changed", upserts: [ticket(5, "HELP-10", "smoke")] },
  ]);
  const { exitCode, output } = await run(["transform", "--archive", delta, "--delta-from", archive]);
  expect(exitCode, output).toBe(3);
  expect(output).toContain("A delta is transformed as its chain was: profile tickets");
  const { manifest } = await readMysqlManifest(join(delta, "mysql"));
  expect(manifest.tables[0]!.parts.map(({ lineCount }) => lineCount)).toEqual([1]);
});

const { isLacking, why } = lacking("mysql");
describe.skipIf(isLacking)(`the tables of a ticket system${why}`, () => {
  let database: SqlDatabase;
  const inTarget = (...args: readonly string[]): readonly string[] => [...args, "--mysql-url", database.url];
  beforeAll(async () => {
    database = await sqlDatabase("mysql", ownName("tickets"));
    for (const sql of [
      "CREATE TABLE ticket (number INT PRIMARY KEY, title VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)",
      "CREATE TABLE ticket_release (number INT PRIMARY KEY)",
      "INSERT INTO ticket_release VALUES (3)",
    ])
      await database.connection.query(sql);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  test("are recognised by inspect, whose facts transform takes and load compares with the target", async () => {
    const facts = join(place.path, "facts.json");
    const inspected = await run(inTarget("inspect", "--target-facts", facts));
    expect(inspected).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("Ticket system of release 3."),
    });
    expect(JSON.parse(await readFile(facts, "utf8"))).toMatchObject({
      ticketRelease: "3",
      ticketSampleCount: 0,
    });
    const args = ["--archive", archive, "--profile", "tickets", "--site", site, "--target-facts", facts];
    expect((await run(["transform", ...args])).exitCode).toBe(3);
    await database.connection.query("UPDATE ticket_release SET number = 4");
    const refused = await run(inTarget("load", "--archive", archive));
    expect(refused.exitCode).toBe(6);
    expect(refused.output).toContain(
      "the ticket system is of release 4, and the rows were made for 3: make the facts anew",
    );
    await database.connection.query("UPDATE ticket_release SET number = 3");
  });

  test("are not loaded by a registry without the profile", async () => {
    const { exitCode, output } = await run(inTarget("load", "--archive", archive), PROFILES);
    expect(exitCode).toBe(6);
    expect(output).toContain("by the profile tickets, and there is no such profile here");
  });

  test("take the rows, and checksum finds them equal", async () => {
    expect((await run(inTarget("load", "--archive", archive))).exitCode).toBe(3);
    expect(await database.value("SELECT GROUP_CONCAT(number, title ORDER BY number) FROM ticket")).toBe(
      "7no paper,9noise",
    );
    const compared = await run(inTarget("checksum", "--archive", archive));
    expect(compared.exitCode, compared.output).toBe(3);
  });
});
