import type { RepairFaults, RepairFinding } from "@firebreak/mysql/target";
import { foldedNames } from "../../screen/folded-names.ts";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";

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
