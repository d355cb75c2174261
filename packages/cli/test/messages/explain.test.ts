import { expect, test } from "vitest";
import { commandsOf } from "../../src/command-list.ts";
import { PROFILES } from "../../src/profiles.ts";
import { english } from "../../src/messages/en/english.ts";
import { adviceFor } from "../../src/messages/explain.ts";
import { knownFlags } from "../../src/parse-arguments.ts";
import { Settings } from "../../src/settings.ts";

const COMMANDS = commandsOf(PROFILES);

const { remedy } = english.faults["mysql-lost"](
  {
    server: "h:1",
    object: undefined,
    statement: undefined,
    reason: "gone",
  },
  {},
);

test("commands that keep nothing of an interrupted run start over, and so does an export of a delta", () => {
  const startsOver = (name: string, flags: Record<string, string> = {}): boolean => {
    const command = COMMANDS.find((c) => c.name === name)!;
    return command.startsOver?.(new Settings(command, flags, knownFlags(COMMANDS))) === true;
  };
  for (const name of ["checksum", "verify", "status", "inspect", "transform"])
    expect(startsOver(name), name).toBe(true);
  for (const name of ["export", "load", "restore", "compact", "bundle"])
    expect(startsOver(name), name).toBe(false);
  expect(startsOver("export", { "delta-from": "full" })).toBe(true);
});

test("only commands that go on are said to do so", () => {
  for (const advice of [remedy, english.interrupted]) {
    expect(adviceFor(false, advice, english)).toContain("goes on where it stopped");
    expect(adviceFor(true, advice, english)).toMatch(/Run the same command again\.$/);
  }
});
