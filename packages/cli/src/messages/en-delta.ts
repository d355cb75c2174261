import type { ExportFaults } from "@firebreak/export";
import type { MongodbFaults } from "@firebreak/mongodb";
import { message, type FaultTexts, type Notes, type NoteTexts } from "./catalogue.ts";

/** Export of deltas. */
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
  "change-stream-rolled": (f) =>
    message(
      `The change stream of MongoDB at ${f.server} no longer goes back to ${f.since}, where this delta would begin: ${f.reason}.`,
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

export const deltaExportNotes: NoteTexts<Pick<Notes, "delta-begun-again" | "delta-empty">> = {
  "delta-begun-again": (f) =>
    `A delta was begun in ${f.archive} and cut off: what it left is removed, and it begins again.`,
  "delta-empty": (f) =>
    `Nothing changed since ${f.previous}. The delta is a link of the chain all the same: the next one goes on from it.`,
};
