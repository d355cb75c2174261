import type { ChecksumFaults } from "@firebreak/mysql/target";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";

type NoProof = ChecksumFaults["since-last-unproved"];

export const sinceLastFaults: Pick<FaultTexts<ChecksumFaults>, "since-last-unproved"> = {
  "since-last-unproved": (f) =>
    message(
      `The target is not proved by what changed since the last proof: ${reasonText(f)}`,
      "Run checksum without --only-since-last: it compares everything, which takes as long as the first checksum.",
    ),
};

export const sinceLastNotes = {
  "since-last-proved": (f) =>
    `Proved for ${f.tables} tables: of ${f.keys.toLocaleString("en-US")} keys that deltas touched since ${f.at}, the target has what it must have and no more; each has as many rows as it must have; and by the binary log nobody but load wrote to them (${f.transactions.toLocaleString("en-US")} transactions since then). What was written with sql_log_bin=0 is in no log and cannot be seen; a checksum without --since-last sees it.`,
  "since-last-unproved": (f) =>
    `Everything is compared now, which takes as long as the first checksum, because ${reasonText(f)}`,
} satisfies SomeNotes;

function reasonText(f: NoProof): string {
  switch (f.why) {
    case "no-log":
      return "the server has no binary log (log_bin).";
    case "no-transaction":
      return "the server's binary log has no transaction yet.";
    case "transactions-hang":
      return "transactions that are prepared and not committed (XA RECOVER lists them) may still change the tables.";
    case "replica-unlogged":
      return "the server is a replica that does not log what it applies (log_replica_updates).";
    case "log-unreadable":
      return `the user may not read the binary log, or the server does not show it (${f.words}). It takes REPLICATION CLIENT, REPLICATION SLAVE and PROCESS; with MariaDB, BINLOG MONITOR, SLAVE MONITOR, REPLICATION SLAVE and PROCESS.`;
    case "log-filtered":
      return `the binary log does not have all databases (${f.filters}).`;
    case "cascades":
      return `foreign keys change rows of table ${f.table} when rows of other tables change, which is not in every binary log.`;
    case "never-proved":
      return `neither ${f.work} nor the work folders beside the chain's archives have a record of a checksum that found all tables of this chain equal while the server's binary log could be read. Each such checksum leaves one in its work folder.`;
    case "tables-not-plain":
      return "tables are missing, were merged with rows of others, or refused rows that are in quarantine.";
    case "log-gone":
      return `the binary log no longer has the place of the last proof (${f.file}): it was reset or has expired.`;
    case "written":
      return `somebody else wrote to ${f.table} (binary log ${f.file}, offset ${f.offset}).`;
    case "unclear":
      return `the binary log has an event that does not tell which rows changed: ${f.event} (${f.file}, offset ${f.offset}).`;
    case "ledger-differs":
      return `firebreak_ledger says that table ${f.table} was changed by more than the deltas up to this one: a repair, a replay of quarantine, a later delta or another archive.`;
    case "links-unknown":
      return `the links of the chain that changed table ${f.table} are not here.`;
    case "rows-differ":
      return `table ${f.table} does not have the rows that the deltas since the last proof brought.`;
    case "counts-differ":
      return `table ${f.table} does not have as many rows as it must have.`;
  }
}
