import type { ColumnProblem, GivenProblem, TargetFinding } from "@firebreak/mysql/target";
import { foldedNames } from "../../screen/fold-shards.ts";
import { type SomeNotes, message, type FaultTexts } from "../language.ts";
import { mysqlNameText } from "./findings.ts";
import { words } from "./reasons.ts";
import type { TargetFaults } from "@firebreak/target";

/** The number of columns to name for a table. A very different table has many problems. */
const SHOWN_PROBLEMS = 5;

export function privilegesText(f: {
  readonly database: string;
  readonly missing: readonly string[];
}): string {
  return `the user lacks ${f.missing.join(", ")} on ${f.database}: GRANT ${f.missing.join(", ")} ON \`${f.database}\`.* TO that user.`;
}

/** Describes a finding that prevents a load, in English: the cause, then the remedy. */
export function targetFinding(f: TargetFinding): string {
  switch (f.what) {
    case "server-old":
      return `the server is ${f.version}; MySQL 8.0.17 or later or MariaDB 10.6 or later is needed: upgrade it.`;
    case "read-only":
      return `the server is read-only: use the primary's address. Only where this is no replica, turn ${f.settings.join(" and ")} off.`;
    case "force-recovery":
      return `the server runs with innodb_force_recovery = ${f.level}, to be salvaged: use another server, or start it without when all of it is salvaged.`;
    case "engine-missing":
      return "the server has no InnoDB, and other engines cannot take back half a part: turn it on (disabled_storage_engines, SHOW ENGINES).";
    case "database-unfit":
      return `the name of the database ${f.database} ${mysqlNameText(f.why)}, so that there is no such database: name another in the URL.`;
    case "database-missing":
      return `there is no database ${f.database}: CREATE DATABASE \`${f.database}\` CHARACTER SET utf8mb4`;
    case "privileges":
      return privilegesText(f);
    case "tables-collide":
      return `${f.namespaces.join(" and ")} would share table ${f.table}: leave the database out of the URL, or export them apart.`;
    case "keyless":
      return `table ${f.table} has no key, and the server takes none without: for the time of the load, SET GLOBAL sql_require_primary_key = OFF (MariaDB: innodb_force_primary_key).`;
    case "packet-small":
      return `table ${f.table} has a value or row of ${f.needed} bytes, above max_allowed_packet (${f.limit}): SET GLOBAL max_allowed_packet = 1073741824.`;
    case "page-small":
      return `table ${f.table} needs up to ${count(f.needed)} bytes for ${f.index === undefined ? "a row" : `its index ${f.index}`}, and with an innodb_page_size of ${f.pageBytes} there are ${count(f.limit)}: use a server whose pages have 16384 bytes (it is chosen when a server is initialised).`;
    case "disk-small":
      return `${size(f.free)} are free in ${f.folder}, and the rows will need about ${size(f.needed)}: free some space there.`;
    case "not-a-table":
      return `${f.table} is a ${f.kind}: load into another database, or rename it where nothing uses it.`;
    case "engine":
      return `table ${f.table} is of the engine ${f.engine}, which cannot take back half a part: ALTER TABLE \`${f.table}\` ENGINE = InnoDB.`;
    case "rows-elsewhere":
      return `table ${f.table} is of the engine ${f.engine}, whose rows are those of other tables: leave it out with --exclude, and create it by hand.`;
    case "table-taken":
      return `table ${f.table} has rows that no load of ours put there: load into another database, or rename it where nothing uses it.`;
    case "table-differs": {
      const shown = f.problems.slice(0, SHOWN_PROBLEMS).map(columnProblem);
      const more = f.problems.length - shown.length;
      return `table ${f.table} has other columns than the archive: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}: load into another database, or alter what is listed.`;
    }
    case "key-differs":
      return `table ${f.table} has ${f.found === "" ? "no primary key" : `the primary key (${f.found})`}, and the archive's is (${f.expected}): load into another database, or alter its key.`;
    case "unique-index":
      return `table ${f.table} has the unique index ${f.index}, which the archive has not, so that rows could shut each other out: keep what SHOW CREATE TABLE says of it, drop it, and create it again after the load.`;
    case "triggers":
      return `table ${f.table} has triggers, which could change rows on their way in (${f.names.join(", ")}): keep what SHOW CREATE TRIGGER says, drop them, and create them again after the load.`;
    case "foreign-keys":
      return `table ${f.table} has foreign keys (${f.names.join(", ")}), and its rows come in no order of theirs: keep what SHOW CREATE TABLE says of them, drop them, and create them again after the load.`;
    case "ledger-foreign":
      return f.isGiven === true
        ? `table ${f.table} holds rows of another archive (${f.part}): go on with that archive's deltas. To add this archive's rows to them, run ${forgotten(f.table)}, then pnpm load --merge.`
        : `table ${f.table} holds rows of another archive (${f.part}): load into another database. ${anew(f.table)}`;
    case "ledger-counts":
      return `firebreak_ledger does not account for all rows of ${f.part} (was it edited?): ${f.isGiven === true ? missingAdded(f.table) : `load into another database. ${anew(f.table)}`}`;
    case "given-missing":
      return `the database has no table ${foldedNames(f.tables)}: is it the application's own? Its tables are made by the application, at its first start.`;
    case "given-differs":
      return `table ${foldedNames(f.tables)}: ${givenProblem(f.problem)}.`;
    case "given-taken":
      return `table ${f.table} has ${count(f.rowCount)} rows that no load of ours put there: load --merge leaves them, adds the others, and sets aside what differs.`;
    case "given-rows":
      return `table ${f.table} has ${count(f.found)} rows, and firebreak_ledger says at least ${count(f.ledger)} (was it written to, truncated or restored?): pnpm checksum names the rows that are missing. ${missingAdded(f.table)}`;
    case "application-unknown":
      return `the rows are for the tables of an application, by the profile ${f.profile}, and there is no such profile here: load with the version of firebreak that transformed them.`;
    case "merge-needless":
      return "--merge is for an application's own tables (transform --profile), and this archive has none: leave it out.";
    case "replay-unloaded":
      return `${f.missing} of the ${f.parts} parts of table ${f.table} are not loaded yet: run load without --replay-quarantine first.`;
    case "ledger-rows":
      return `table ${f.table} has ${f.found} rows, and firebreak_ledger says ${f.ledger} were loaded (was it written to, truncated or restored?): ${f.found === 0 ? `to load it anew, run ${forgotten(f.table)}.` : `pnpm checksum names the rows that differ; where nobody needs what was written to them, make a repair (--repair DIR) and load that. ${anew(f.table)}`}`;
  }
}

/** Returns the statement that makes load forget that it put rows into a table. */
const forgotten = (table: string): string => `DELETE FROM firebreak_ledger WHERE table_name = '${table}'`;

/** The remedy that loads one of our own tables from the beginning. Its rows stay, under another name. */
const anew = (table: string): string =>
  `To load it anew here, see that nothing uses it, then RENAME TABLE \`${table}\` TO another name, and ${forgotten(table)}.`;

/** The remedy that adds missing rows to an application's own table, and leaves the others. */
const missingAdded = (table: string): string =>
  `to add the missing rows and touch no others, run ${forgotten(table)}, then pnpm load --merge. Rows that the application itself has deleted since come back, too.`;

export const FACTS_ANEW = "make the facts anew (pnpm inspect --target-facts) and transform again with them";

function givenProblem({ column, why, expected, found }: GivenProblem): string {
  switch (why) {
    case "missing":
      return `column ${column} (${expected}) is missing: ${FACTS_ANEW}`;
    case "narrower":
      return `column ${column} is ${found}, which does not hold all of ${expected}, for which the rows were made: ${FACTS_ANEW}`;
    case "other-type":
    case "width":
      return `column ${column} is ${found}, and the rows were made for ${expected}: ${FACTS_ANEW}`;
    case "nullability":
      return `column ${column} is ${found}, and the rows were made for ${expected}: ${FACTS_ANEW}`;
    case "character-set":
    case "collation":
      return `column ${column} has the ${why === "collation" ? "collation" : "character set"} ${found}, and the rows were made for ${expected}: ${FACTS_ANEW}`;
    case "unfillable":
      return `column ${column} (${found}) would have no value, for it is NOT NULL without a default and the rows have none for it: give it a default, or map a field to it and ${FACTS_ANEW}`;
    case "unique":
      return `a unique key on ${column} was not known when the rows were made, and rows could shut each other out: ${FACTS_ANEW}`;
  }
}

function columnProblem({ column, why, expected, found }: ColumnProblem): string {
  switch (why) {
    case "missing":
      return `${column} (${expected}) is missing`;
    case "extra":
      return `${column} (${found}) is not of the archive`;
    case "extra-obligatory":
      return `${column} (${found}) is not of the archive and would have no value, for it is NOT NULL without a default`;
    case "extra-generated":
      return `${column} (${found}) is generated and not of the archive`;
    case "generated":
      return `${column} is generated, so that it takes no values`;
    case "not-null":
      return `${column} is NOT NULL, and in the archive it may be NULL`;
    case "narrower":
      return `${column} is ${found}, which does not hold all of ${expected}`;
    case "other-type":
      return `${column} is ${found} instead of ${expected}`;
    case "character-set":
      return `${column} is text in ${found} instead of ${expected}`;
    case "key-collation":
      return `${column} is a key with the collation ${found}, which takes for equal what differs (it has to be ${expected})`;
  }
}

/** Notes about the target of a load, in English. */
export const preflightNotes = {
  "load-without-local": (f) =>
    `The server forbids LOAD DATA LOCAL (local_infile is off): rows go in by INSERT statements, about ${f.factor} times slower. SET GLOBAL local_infile = ON allows it.`,
  "load-packet-tight": (f) =>
    `A row of table ${f.table} may need up to ${count(f.needed)} bytes as an INSERT statement, and max_allowed_packet is ${count(f.limit)}: rows that do not fit are not loaded.`,
  "load-partitions": (f) =>
    `Table ${f.table} has partitions, and none for values beyond theirs: rows that no partition takes are refused.`,
  "load-disk": (f) =>
    `The rows will need about ${size(f.needed)} on the server's disk${f.free === undefined ? "" : `, where ${size(f.free)} are free`}.`,
  "load-binlog": (f) =>
    `The server writes a binary log: about ${size(f.bytes)} of it will be this load's, kept ${f.keptSeconds === 0 ? "until they are purged" : `for ${days(f.keptSeconds)}`}.`,
  "load-replicas": (f) =>
    `${f.count === 1 ? "A replica is" : `${f.count} replicas are`} connected: they will get all rows too, and lag behind meanwhile.`,
  "load-counter": (f) =>
    `All rows of table ${f.table} are in, but its AUTO_INCREMENT counter could not be set (${words(f.reason)}): ${f.column} will go on with ${f.next} and not with ${f.wanted}. ALTER TABLE \`${f.table}\` AUTO_INCREMENT = ${f.wanted}`,
} satisfies SomeNotes;

function count(n: number): string {
  return n.toLocaleString("en-US");
}

function size(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

function days(seconds: number): string {
  const n = Math.round(seconds / 86_400);
  return n === 1 ? "a day" : `${n} days`;
}

const short = (sha256: string): string => `${sha256.slice(0, 16)}…`;
export const link = (number: number): string => (number === 0 ? "the full archive" : `delta ${number}`);

/** Faults of a load into a target of any kind, in English. */
export const targetFaults: FaultTexts<TargetFaults> = {
  "delta-base-missing": (f) =>
    message(
      `This is delta ${f.number} of the chain ${short(f.chainSha256)}, and by firebreak_ledger no full archive of it is in database ${f.database} at ${f.server}, or not all of it.`,
      "Load the full archive first, to its end, then the deltas in their order; or name the database that it was loaded into.",
    ),
  "delta-other-chain": (f) =>
    message(
      `This is delta ${f.number} of the chain ${short(f.chainSha256)}, and database ${f.database} at ${f.server} holds archives of other chains only.`,
      "Name the database that this chain's full archive was loaded into.",
    ),
  "delta-link-missing": (f) =>
    message(
      `This is delta ${f.number}, and of its chain database ${f.database} at ${f.server} has ${link(f.newest)} so far: ${f.number - f.newest === 2 ? `delta ${f.newest + 1} is missing` : `deltas ${f.newest + 1} to ${f.number - 1} are missing`}.`,
      `Load delta ${f.newest + 1} next: deltas go in by their order.`,
    ),
  "delta-forked": (f) =>
    message(
      `Database ${f.database} at ${f.server} has another ${f.number === 0 ? "full archive" : `delta ${f.number}`} than this chain: manifest.json of SHA-256 ${short(f.found)}, and ${short(f.expected)} is the one that belongs here.`,
      "Load the deltas that were made after the one that is in; or load this chain's full archive into an empty database, then its deltas.",
    ),
  "delta-unfinished": (f) =>
    message(
      `Delta ${f.number} was begun in database ${f.database} of MongoDB at ${f.server} and is not in to its end, so that what is there is halfway.`,
      `Run load of delta ${f.number} again: it goes on where it stopped.`,
    ),
  "quarantine-full": (f) =>
    message(
      `The target refused more than ${f.max} rows or documents, so the load ended; the last was of ${f.part} for ${f.table}, ${f.reason}.`,
      "If something is wrong as a whole, mend it; if all of them are to go to quarantine, raise --max-quarantine. Then run the same command again: the parts that are in stay in.",
    ),
};
