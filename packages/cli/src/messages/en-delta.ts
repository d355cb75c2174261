import type { ExportFaults } from "@firebreak/export";
import { message, type FaultTexts, type Notes, type NoteTexts } from "./catalogue.ts";

/** Export of deltas. */
export const deltaExportFaults: FaultTexts<
  Pick<ExportFaults, "delta-settings-differ" | "delta-source-differs" | "delta-of-another">
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
};

export const deltaExportNotes: NoteTexts<
  Pick<Notes, "delta-begun-again" | "delta-empty" | "delta-by-comparison">
> = {
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
      case "no-replica-set":
        return `${found}: only a replica set has a change stream. All documents are read.`;
      case "no-watermark":
        return `${found}: ${previous} does not say from when on a change stream would have to begin. All documents are read.`;
    }
  },
};
