import type { ExportNotes } from "@firebreak/export";
import type { NoteTexts } from "../language.ts";

/** The reasons why an export is not of one moment, by their code. */
const WHY: Readonly<Record<ExportNotes["export-not-one-moment"]["why"], string>> = {
  encrypted: "what is encrypted to a recipient cannot be read again here",
  moving: "collections were dropped, renamed or capped amid the reading, or it took too long",
  "change-stream-rolled": "the oplog no longer goes back to its beginning",
  "change-stream-oversized": "an event is too large for the change stream",
  "change-stream-stalled": "no majority of the set confirmed the newest moment",
  "mongodb-forbidden": "the user may not read change streams",
  "delta-unseen": "a collection was no longer to be seen at the end",
  "delta-scope": "the URL names one database and the archive has others",
  "delta-source-behind": "the server is not as far as it was at the beginning",
};

/** Notes of the end of an export, which brings an archive of a replica set to one moment. */
export const closingNotes: NoteTexts<Pick<ExportNotes, "export-not-one-moment">> = {
  "export-not-one-moment": (f) =>
    `The archive of ${f.place} is not of one moment: ${WHY[f.why]}. Each document is as it was at some moment of the run; a delta from this archive takes in what was written meanwhile.`,
};
