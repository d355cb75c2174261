import type {
  Finding,
  LoadFaults,
  LoadFinding,
  DeltaFaults,
  DeltaFinding,
  RepairFaults,
  RepairFinding,
} from "@firebreak/mysql/target";
import { message, type FaultTexts, type ProfileSections, type SomeNotes } from "../language.ts";
import { again } from "./archive.ts";
import { findingLines } from "./findings.ts";
import { targetFinding, link } from "./preflight.ts";
import { profileFinding } from "./profile.ts";
import { foldedNames } from "../../screen/fold-shards.ts";

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

const tables = (count: number): string => `${count} ${count === 1 ? "table" : "tables"}`;

/** The remedy for rows that others wrote. A repair undoes these writes, so a person must check them first. */
const SEE_WRITTEN =
  "pnpm checksum with the archive that was loaded last names the rows that differ; where nobody needs what was written to them, make a repair (--repair DIR), load that";

/** Faults that prevent the load of a delta, in English. */
export const deltaLoadFaults: FaultTexts<DeltaFaults> = {
  "delta-alter": (f) =>
    message(
      `${f.tables.length === 1 ? "A table has" : `${tables(f.tables.length)} have`} to be altered for what this delta brings, and nothing was written to MySQL at ${f.server}. The statements:\n${f.tables.flatMap((t) => t.statements.map((s) => `  ${s};`)).join("\n")}`,
      "Say --yes and they are run with the delta; new indexes are made when its rows are in.",
    ),
  "delta-alter-short": (f) =>
    message(
      `Table ${f.table} was altered, and still does not take the delta's values (${f.columns.join(", ")}).`,
      "Look for what else was changed in the table, mend it, then run the same command again.",
    ),
  "delta-quarantine-missing": (f) =>
    message(
      `${f.count} ${f.count === 1 ? "row" : "rows"} of ${f.part} for table ${f.table} ${f.count === 1 ? "was" : "were"} refused at load, and ${f.file}, which says which, is not here: this delta may have newer ones of the same keys.`,
      "Say with --work where load kept its quarantine.",
    ),
  "delta-rows": (f) =>
    message(
      `After this delta table ${f.table} should have ${f.expected.toLocaleString("en-US")} rows, and by the ledger it has ${f.found.toLocaleString("en-US")}: somebody wrote to rows that the delta changes. The table was rolled back.`,
      `Stop who writes to it. ${SEE_WRITTEN}, and run the same command again.`,
    ),
};

/** Notes of the load of a delta, in English. */
export const deltaLoadNotes = {
  "delta-in-before": (f) => `Delta ${f.number} is in already: nothing was changed.`,
  "delta-resumed": (f) => `Going on with delta ${f.number}: ${tables(f.tables)} done or begun already.`,
  "delta-in-target": (f) =>
    f.isWhole
      ? `Delta ${f.number} of this archive's chain is in: what is there is newer than this archive, and nothing was changed. Go on with the chain's newest delta. To have just this archive, load it into another database.`
      : `Delta ${f.number} of this archive's chain was begun: nothing was changed. Load that delta again, it goes on.`,
  "table-altered": (f) => `Altering: ${f.statement}`,
  "table-to-alter": (f) => `Would be run, with --yes: ${f.statement}`,
} satisfies SomeNotes;

/** Describes why a delta does not fit a target's tables. */
export function deltaFinding(f: DeltaFinding): string {
  switch (f.what) {
    case "delta-unloaded":
      return `delta ${f.number} is not in this target yet: load it first, without --replay-quarantine.`;
    case "delta-given":
      return `table ${f.table} is an application's own and has no room for what this delta brings; such tables are never altered here. By its own means it would be: ${f.statements.join("; ")}`;
    case "delta-table-missing":
      return `there is no table ${f.table}, which the links before this delta have made: load the chain anew into another, empty database.`;
    case "delta-table-rows":
      return `table ${f.table} has ${f.found} rows, and firebreak_ledger says ${f.ledger} were loaded (was it written to, truncated or restored?): stop who writes to it. ${SEE_WRITTEN}.`;
    case "delta-engine":
      return `table ${f.table} is kept by ${f.engine}, which cannot take back half a delta: ALTER TABLE \`${f.table}\` ENGINE=InnoDB.`;
    case "delta-direct":
      return `only the engine ${f.engine} takes table ${f.table}, and it cannot take back half a delta: load the whole chain (pnpm compact makes it one archive) into an empty database.`;
    case "delta-cascades":
      return `rows of other tables would go or change with rows of table ${f.table} (foreign keys ${f.names.join(", ")}): keep what SHOW CREATE TABLE says of these constraints, drop them, and create them again after the delta.`;
  }
}

/** Notes of the comparison of a target with a delta, in English. */
export const deltaChecksumNotes = {
  "other-link-in": (f) =>
    `By firebreak_ledger database ${f.database} is at ${link(f.newest)}, and this is ${link(f.number)}: what changed between them differs.`,
  "table-undropped": (f) => `Table ${f.table} was dropped at the source, and is in the target.`,
  "chain-rows-unknown": (f) =>
    `Table ${f.table} differs. Which rows cannot be told: ${f.isMissing ? `an archive of the chain is not in ${f.place}; say where the one before this is with --delta-from DIR` : `${f.place} has not been transformed here`}.`,
} satisfies SomeNotes;

const number = (value: number): string => value.toLocaleString("en-US");
const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** The remedy if load's quarantine is not below --work. */
export const QUARANTINE_ELSEWHERE =
  "Say with --work where load kept its quarantine. If that is gone, load the archive (and its deltas) into another database: the rows that are refused there are kept again.";

/** Faults that prevent the writing or the load of a repair, in English. */
export const repairFaults: FaultTexts<RepairFaults> = {
  "repair-folder-taken": (f) =>
    message(
      `${f.folder} is not empty (${f.found}): a repair is written into a folder of its own.`,
      "Name an empty or new folder with --repair.",
    ),
  "repair-quarantine-missing": (f) =>
    message(
      `No repair can be made: ${counted(f.count, "row")} of ${f.part} for table ${f.table} ${f.count === 1 ? "was" : "were"} refused at load, and ${f.file}, which says which, is not here.`,
      QUARANTINE_ELSEWHERE,
    ),
  "repair-refused": (f) =>
    message(
      `MySQL did not take the rows of ${f.part} for table ${f.table} as they are: ${f.reason}. The table was rolled back.`,
      "Look for what was changed in the table since it was loaded (indexes, keys, columns); if others write to it, stop them and make a new repair.",
    ),
  "repair-rows": (f) =>
    message(
      `With this repair table ${f.table} would have ${number(f.found)} rows, and by firebreak_ledger it should have ${number(f.expected)}: it was written to since the repair was made. The table was rolled back.`,
      "Stop who writes to it, then make a new repair: pnpm checksum --repair with another folder.",
    ),
};

/** Notes of the writing and the load of a repair, in English. */
export const repairNotes = {
  "repair-written": (f) =>
    `The repair in ${f.folder} puts ${f.tables === 1 ? "one table" : `${f.tables} tables`} right (${number(f.missing)} missing, ${number(f.changed)} changed, ${number(f.extra)} extra): pnpm load --archive ${f.folder}. These rows are then the archive's again: what an application has written to them since the load is lost.`,
  "repair-nothing": (f) =>
    f.lacking.length === 0
      ? "There is nothing to repair, and no folder was made."
      : `No repair was made: it puts rows right, not tables that are missing or lack columns (${foldedNames(f.lacking)}).`,
  "repair-done-before": () => "This repair was applied already: nothing was changed.",
  "repair-resumed": (f) => `Going on with this repair: ${counted(f.tables, "table")} right already.`,
  "table-repaired": (f) =>
    `Table ${f.table}: ${counted(f.deleted, "row")} deleted, ${counted(f.inserted, "row")} inserted.`,
} satisfies SomeNotes;

/** Describes why a repair does not fit a target. */
export function repairFinding(f: RepairFinding): string {
  switch (f.what) {
    case "repair-foreign":
      return `table ${f.table} holds rows of another archive than the one that this repair is of (${f.part}): name the database that was compared.`;
    case "repair-unloaded":
      return `table ${f.table} has ${f.parts - f.missing} of the ${counted(f.parts, "part")} in firebreak_ledger that the archive has: name the database that was compared, or load the archive first and make a new repair.`;
    case "repair-table-missing":
      return `there is no table ${f.table}, and a repair only puts rows right: name the database that was compared, or load the archive (and its deltas) into another one.`;
    case "repair-cascades":
      return `rows of other tables would go or change with rows of table ${f.table} (foreign keys ${f.names.join(", ")}): keep what SHOW CREATE TABLE says of these constraints, drop them, and create them again after the repair.`;
    case "repair-engine":
      return `table ${f.table} is kept by ${f.engine}, which cannot take back half a repair: ALTER TABLE \`${f.table}\` ENGINE=InnoDB.`;
  }
}
