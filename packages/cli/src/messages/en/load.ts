import type { Finding, LoadFaults, LoadFinding } from "@firebreak/mysql/target";
import { message, type FaultTexts, type ProfileSections } from "../language.ts";
import { again } from "./archive.ts";
import { deltaFinding } from "./delta-load.ts";
import { findingLines } from "./findings.ts";
import { targetFinding } from "./preflight.ts";
import { profileFinding } from "./profile.ts";
import { QUARANTINE_ELSEWHERE, repairFinding } from "./repair.ts";

/** Faults that stop a load into MySQL, in English. */
export const loadFaults: FaultTexts<LoadFaults> = {
  "load-refused": (f, profiles) =>
    message(
      `Nothing was written to MySQL at ${f.server}, for ${f.findings.length === 1 ? "a reason" : "reasons"} found beforehand:\n${findingLines(f.findings, (one) => anyFinding(one, profiles))}`,
      "Mend what is listed, then run the same command again.",
    ),
  "replay-overtaken": (f) =>
    message(
      `Another run has just replayed the quarantine of ${f.part} for table ${f.table}.`,
      "Run the same command again: it goes on with what is left.",
    ),
  "engine-rows": (f) =>
    message(
      `Table ${f.table} has ${f.expected} rows, and its own engine took ${f.found} of them.`,
      `See what the server's error log says of it. ${again}`,
    ),
  "engine-refused": (f) =>
    message(
      `All rows of ${f.namespace} are in MySQL at ${f.server}, and its engine ${f.engine} does not take them: ${f.reason}.`,
      `Restore beside it with --rename and --exclude '${f.namespace}', or onto a server whose ${f.engine} takes this table.`,
    ),
  "table-refused": (f) =>
    message(
      `MySQL at ${f.server} does not make ${f.tables.length === 1 ? "a table, so that none of its rows are loaded" : `${f.tables.length} tables, so that none of their rows are loaded`}:\n${f.tables.map((t) => `the table ${t.namespace}: ${t.reason}. Its statement is:\n${t.statement}`).join("\n")}`,
      `${f.tables.some((t) => /unknown collation/i.test(t.reason)) ? "pnpm restore --collation-map A=B puts another collation in the place of one that the server does not know. Or restore" : "Restore"} the rest with ${f.tables.map((t) => `--exclude '${t.namespace}'`).join(" ")}, or all of it onto a server like the one it came from.`,
    ),
  "direct-refused": (f) =>
    message(
      `Everything but ${f.namespace} is loaded. Only the engine ${f.engine} takes that table in MySQL at ${f.server}, and it does not take the rows of ${f.part}: ${f.reason}.`,
      `Restore beside it with --rename and --exclude '${f.namespace}', or onto a server like the one it came from.`,
    ),
  "replay-missing": (f) =>
    message(
      `The ${f.count} rows of ${f.part} for table ${f.table} that were refused at load cannot be loaded: ${f.file} is not here.`,
      QUARANTINE_ELSEWHERE,
    ),
};

function anyFinding(one: Finding, profiles: ProfileSections): string {
  const ofProfile = profileFinding(one, profiles);
  // A profile's reason has any text as its code, so the types cannot tell which reason is load's own.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return ofProfile ?? finding(one as LoadFinding);
}

function finding(f: LoadFinding): string {
  switch (f.what) {
    case "repair-foreign":
    case "repair-unloaded":
    case "repair-table-missing":
    case "repair-cascades":
    case "repair-engine":
      return repairFinding(f);
    case "delta-unloaded":
    case "delta-given":
    case "delta-table-missing":
    case "delta-table-rows":
    case "delta-engine":
    case "delta-direct":
    case "delta-cascades":
      return deltaFinding(f);
    default:
      return targetFinding(f);
  }
}
