import type { MongodbFaults } from "@firebreak/mongodb";
import type { Asked, MysqlFaults } from "@firebreak/mysql";
import { message, type FaultTexts } from "../language.ts";
import { again, GOES_ON } from "./archive.ts";
import { words } from "./reasons.ts";

/** The remedy for a fault that passes by itself, or that others end. */
const againNow = `Run the same command again${GOES_ON}.`;

/** The remedy for a request that the server would refuse again. */
const notAgain = "Another run ends in the same way until the cause is mended; what is done stays done.";

const at = (object: string | undefined): string => (object === undefined ? "" : ` at ${object}`);

const statementOf = ({ statement }: Asked): string =>
  statement === undefined ? "" : ` The statement was:\n${statement}`;

/** Faults whose texts are in other files: those of deltas and of sources. */
type Elsewhere = `change-stream-${string}` | "mysql-value-large";

/** Faults of servers in any command, in English. */
export const serverFaults: Omit<FaultTexts<MongodbFaults & MysqlFaults>, Elsewhere> = {
  "mongodb-url": (f) =>
    message(
      `The MongoDB URL is not right: ${words(f.reason)}.`,
      "It looks like mongodb://host:27017/ and comes from FIREBREAK_MONGODB_URL.",
    ),
  "mongodb-unreachable": (f) =>
    message(
      `MongoDB at ${f.server} does not answer${at(f.object)}: ${f.reason}.`,
      `Look whether it runs and can be reached from here. ${again}`,
    ),
  "mongodb-unsuitable": (f) =>
    message(
      `MongoDB at ${f.server} answers, but none of its members is of the kind that the URL asks for: ${f.members.join(", ")}.`,
      "Correct readPreference or replicaSet in the URL, or leave them out.",
    ),
  "mongodb-login": (f) =>
    message(
      `MongoDB at ${f.server} refused the login: ${f.reason}.`,
      "Check user, password and authSource in FIREBREAK_MONGODB_URL.",
    ),
  "mongodb-forbidden": (f) =>
    message(
      `MongoDB at ${f.server} does not allow this user to do it: ${f.reason}.`,
      "For an export the role readAnyDatabase is enough, or read on each database that has no time-series collections. A load takes readWrite on each database, a restore readWrite and dbAdmin.",
    ),
  "mongodb-failed": (f) =>
    message(
      `MongoDB at ${f.server} failed${at(f.object)}: ${words(f.reason)}.`,
      f.canPass ? againNow : notAgain,
    ),
  "time-series-foreign": (f) =>
    message(
      `MongoDB at ${f.server} keeps the time-series collection ${f.namespace} in a form that this Firebreak does not know.`,
      "Leave it out with --exclude, or use a newer Firebreak.",
    ),
  "lock-held": (f) =>
    message(
      `Another run is at work on database ${f.database} of MongoDB at ${f.server}: process ${f.pid} on ${f.host}.`,
      "Wait until it has ended. If it was killed there, its lock is free 30 seconds later.",
    ),
  "lock-lost": (f) =>
    message(
      `The lock on ${f.databases.join(", ")} of MongoDB at ${f.server} was lost: the server was out of reach for too long, or another run took over.`,
      again,
    ),
  "collection-refused": (f) =>
    message(
      `MongoDB does not create ${f.namespace} as the archive describes it: ${f.reason}.`,
      `See what the server says. Where it is too old for that, use one of the version that the archive came from, or a later one. ${notAgain}`,
    ),
  "indexes-refused": (f) =>
    message(
      `All documents of ${f.namespace} are in and proved, and MongoDB refuses to build its indexes: ${f.reason}.`,
      "Mend the cause, then run the same command again: it goes on with the indexes.",
    ),
  "mysql-url": (f) =>
    message(
      `The MySQL URL is not right: ${words(f.reason)}.`,
      "It looks like mysql://user@host:3306/database and comes from FIREBREAK_MYSQL_URL.",
    ),
  "mysql-unreachable": (f) =>
    message(
      `MySQL at ${f.server} does not answer${at(f.object)}: ${f.reason}.${statementOf(f)}`,
      `Look whether it runs and can be reached from here. ${again}`,
    ),
  "mysql-login": (f) =>
    message(
      `MySQL at ${f.server} refused the login of ${f.user || "the user"}.`,
      "Check user and password in FIREBREAK_MYSQL_URL, and whether the server wants TLS (docs/keys-and-tls.md).",
    ),
  "mysql-tls": (f) =>
    message(
      `There is no secure connection with MySQL at ${f.server}: ${f.reason}.`,
      "Look at ssl-mode and ssl-ca in FIREBREAK_MYSQL_URL (docs/keys-and-tls.md).",
    ),
  "mysql-login-kind": (f) =>
    message(
      `MySQL at ${f.server} wants ${f.user || "the user"} to log in by a way that Firebreak does not have: ${f.reason}`,
      "Use a user with caching_sha2_password or mysql_native_password (docs/keys-and-tls.md).",
    ),
  "mysql-database-missing": (f) =>
    message(
      `MySQL at ${f.server} has no database ${f.database}.`,
      `Name the right one in FIREBREAK_MYSQL_URL, or create it: CREATE DATABASE \`${f.database}\` CHARACTER SET utf8mb4`,
    ),
  "mysql-forbidden": (f) =>
    message(
      `MySQL at ${f.server} does not allow it: ${f.reason}.`,
      "Grant the user what is missing; load needs SELECT, INSERT, DELETE, CREATE and INDEX, checksum and status need SELECT, export needs SELECT, SHOW VIEW, TRIGGER and EVENT, and for routines SHOW_ROUTINE (MariaDB: SELECT on mysql.proc).",
    ),
  "mysql-read-only": (f) =>
    message(
      `MySQL at ${f.server} takes no writes: ${f.reason}.`,
      "Use the primary's address. Only where this is no replica, turn read_only and super_read_only off.",
    ),
  "mysql-disk-full": (f) =>
    message(
      `A disk, or the room for a table, of MySQL at ${f.server} is full${at(f.object)}: ${f.reason}.${statementOf(f)}`,
      `Make room there. ${again}`,
    ),
  "mysql-lost": (f) =>
    message(
      `The connection to MySQL at ${f.server} broke${at(f.object)}: ${f.reason}.${statementOf(f)}`,
      againNow,
    ),
  "mysql-busy": (f) =>
    message(
      `MySQL at ${f.server} let others go first${at(f.object)}: ${f.reason}.${statementOf(f)}`,
      againNow,
    ),
  "mysql-locked": (f) =>
    message(
      `Another run is at work on database ${f.database} of MySQL at ${f.server} (its connection there is ${f.connection}).`,
      `Wait until it has ended. If its machine is gone, end what is left of it on the server: KILL ${f.connection}`,
    ),
  "mysql-lock-lost": (f) =>
    message(
      `The connection that held the lock on ${f.databases.join(", ")} of MySQL at ${f.server} broke, so the run stopped.`,
      againNow,
    ),
  "mysql-failed": (f) =>
    message(
      f.canPass
        ? `MySQL at ${f.server} did not get to the end of a statement${at(f.object)}: ${f.reason}.${statementOf(f)}`
        : `MySQL at ${f.server} refuses a statement${at(f.object)}: ${f.reason}.${statementOf(f)}`,
      f.canPass ? againNow : notAgain,
    ),
  "mysql-data": (f) =>
    message(
      `MySQL at ${f.server} does not take rows as they are${at(f.object)}: ${f.reason}.${statementOf(f)}`,
      notAgain,
    ),
};
