import type { DeltaFaults, DeltaFinding } from "@firebreak/mysql/target";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";
import { link } from "./target.ts";

const tables = (count: number): string => `${count} ${count === 1 ? "table" : "tables"}`;

/** The remedy for rows that others wrote. A repair undoes these writes, so a person must check them first. */
const SEE_WRITTEN =
  "pnpm checksum with the archive that was loaded last names the rows that differ; where nobody needs what was written to them, make a repair (--repair DIR), load that";

/** Faults that prevent the load of a delta, in English. */
export const deltaLoadFaults: FaultTexts<DeltaFaults> = {
  "delta-alter": (f) =>
    message(
      `${f.tables.length === 1 ? "A table has" : `${tables(f.tables.length)} have`} no room for what this delta brings, and nothing was written to MySQL at ${f.server}. These statements would make room:\n${f.tables.flatMap((t) => t.statements.map((s) => `  ${s};`)).join("\n")}`,
      "Say --yes and they are run before the delta is applied.",
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
      `With this delta table ${f.table} would have ${f.found.toLocaleString("en-US")} rows, and it should have ${f.expected.toLocaleString("en-US")}: it was written to since it was loaded. The table was rolled back.`,
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
  "table-altered": (f) => `Making room: ${f.statement}`,
  "table-to-alter": (f) => `Would make room, with --yes: ${f.statement}`,
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
