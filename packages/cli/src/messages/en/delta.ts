import type { ExportFaults } from "@firebreak/export";
import type { MongodbFaults } from "@firebreak/mongodb";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";
import { words } from "./reasons.ts";

/** Faults of the export of deltas, in English. */
export const deltaExportFaults: FaultTexts<
  Pick<ExportFaults, Extract<keyof ExportFaults, `delta-${string}`>> &
    Pick<MongodbFaults, Extract<keyof MongodbFaults, `change-stream-${string}`>>
> = {
  "delta-settings-differ": (f) =>
    message(
      `The chain that ${f.previous} ends has --${f.flag} ${f.before}, and now it is ${f.now}.`,
      `A delta has the settings of its chain: leave --${f.flag} out. For other settings begin with a full export.`,
    ),
  "delta-source-differs": (f) =>
    f.kind === "dump"
      ? message(
          `${f.previous} was made of what mongodump wrote, and a dump tells nothing of later changes.`,
          "Begin with a full export of the server itself; deltas go on from that.",
        )
      : message(
          `${f.previous} is of ${{ mongodb: "MongoDB", mysql: "MySQL" }[f.kind]}, and --source is ${f.now}.`,
          `Say --source ${f.kind}, or name the chain of the other source with --delta-from.`,
        ),
  "delta-of-another": (f) =>
    message(
      `${f.archive} holds a finished delta, and it does not go on from ${f.previous}.`,
      "Name another folder with --archive.",
    ),
  "delta-source-behind": (f) =>
    message(
      `MongoDB at ${f.server} is at ${f.now}, and the chain is of ${f.since}, later than that: it is another server, or was put back to an earlier time.`,
      "Name the server that the chain is of. If this is it now, run the same command with --by-comparison.",
    ),
  "delta-unseen": (f) =>
    message(
      `The chain has ${few(f.namespaces)}, and on MongoDB at ${f.server} this user sees no such collection, though none was dropped or renamed.`,
      "Give the user the rights that the full export had. If the collections are gone indeed, run the same command with --by-comparison.",
    ),
  "delta-unreadable": (f) =>
    message(
      `The chain has ${few(f.namespaces)}, which this user of MySQL at ${f.server} cannot see or read: a delta would take them for gone.`,
      "Give the user the privileges that the full export had, or repair what the server cannot read. Then run the same command again.",
    ),
  "delta-scope": (f) =>
    message(
      `The URL names the database ${f.database} of MongoDB at ${f.server}, and the chain has ${few(f.others)} besides: their changes would be lost.`,
      "Use the URL that the full export was made with.",
    ),
  "change-stream-rolled": (f) =>
    message(
      `The change stream of MongoDB at ${f.server} no longer goes back to ${f.since}, where this delta would begin: ${words(f.reason)}.`,
      "Run the same command with --by-comparison, which needs no history. Deltas more often, or a larger oplog (replSetResizeOplog), prevent it.",
    ),
  "change-stream-oversized": (f) =>
    message(
      `The change stream of MongoDB at ${f.server} ended at an event that is larger than a document may be: ${f.reason}.`,
      "Run the same command with --by-comparison: it reads no events. The next delta can go by change stream again.",
    ),
  "change-stream-stalled": (f) =>
    message(
      `MongoDB at ${f.server} answers, and for ${f.minutes} minutes no majority of the replica set has confirmed its newest writes.`,
      "Look after the members of the set, then run the same command again.",
    ),
};

/** Tells how a standalone gets a change stream. @param server its `host:port`. */
function asReplicaSet(server: string): string {
  return [
    "For deltas that take seconds, make it a replica set of one member. Its data stays as it is:",
    "  1. Start mongod again with --replSet rs0 --oplogSize 10240 (in MiB; it has to hold all writes between two exports).",
    "     Where authorization is on, it also needs --keyFile FILE (openssl rand -base64 756 > FILE; chmod 400 FILE).",
    `  2. Once: mongosh --eval 'rs.initiate({_id: "rs0", members: [{_id: 0, host: "${server}"}]})'`,
    "     with a name of the host that the application can resolve, too.",
    "The first delta after that still compares everything. The next ones go by change stream.",
  ].join("\n");
}

export const deltaExportNotes = {
  "delta-without-stream": (f) =>
    f.isSet
      ? `The chain does not say of which moment of MongoDB at ${f.server} it is: all of it is compared with the source. The next delta can go by change stream.`
      : `MongoDB at ${f.server} is no replica set and has no change stream: all of it is compared with the chain. ${asReplicaSet(f.server)}`,
  "delta-not-one-moment": (f) =>
    `MongoDB at ${f.server} could not show all that changed as of one moment: collections were dropped, renamed or capped amid the reading, or it took too long. Nothing is missing, and the next delta goes on from before; only this one is not of one moment.`,
  "delta-begun-again": (f) =>
    `A delta was begun in ${f.archive} and cut off: what it left is removed, and it begins again.`,
  "delta-empty": (f) =>
    `Nothing changed since ${f.previous}. The delta is a link of the chain all the same: the next one goes on from it.`,
  "delta-by-comparison": ({ previous, reason }) => {
    const found = `Changes are found by comparing the source with the chain that ${previous} ends`;
    switch (reason) {
      case "asked":
        return `${found}, as --by-comparison asks for.`;
      case "mysql":
        return `${found}: of MySQL that is always so, and --by-comparison need not be said. Only ranges of a table that differ are read.`;
    }
  },
} satisfies SomeNotes;

function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
