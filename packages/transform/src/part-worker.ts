import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import type { PartEntry } from "@firebreak/archive";
import type { PlainDigest } from "@firebreak/items";
import type { CollectionSurvey } from "./collection-survey.ts";
import { findSuspects, type DuplicatesTask, type Suspect } from "./duplicate-lines.ts";
import type { Keys } from "./keys.ts";
import { refitRows, type RefitRows, type RefitTask } from "./delta/refit-rows.ts";
import { supersededDocuments, type SupersededDocumentsTask } from "./delta/superseded-documents.ts";
import { supersededRows, type SupersededRows, type SupersededTask } from "./delta/superseded-rows.ts";
import { writeKeyLines, type KeyLinesTask } from "./delta/write-key-lines.ts";
import { writeKeys, type KeysTask } from "./delta/write-keys.ts";
import { findTwins, type FindTwinsTask, type FoundTwin } from "./profiled/find-twins.ts";
import {
  writeMappedDocuments,
  type MappedDocumentsTask,
  type WrittenMappedDocuments,
} from "./profiled/write-mapped-documents.ts";
import { surveyLines, type SurveyedLines, type SurveyLinesTask } from "./profiled/survey-lines.ts";
import {
  writeMappedRows,
  type MappedRowsTask,
  type WrittenMappedRows,
} from "./profiled/write-mapped-rows.ts";
import {
  glanceAt,
  writeRowsAhead,
  type GlanceTask,
  type RowsAhead,
  type RowsAheadTask,
} from "./rows-ahead.ts";
import { surveyPart } from "./survey-part.ts";
import { writeDocuments, type DocumentsTask, type WrittenDocuments } from "./write-documents.ts";
import { writeRows, type RowsTask, type WrittenRows } from "./write-rows.ts";

/** A task of a worker thread for one part. `stage` names the pass. */
export type PartTask =
  | {
      readonly stage: "survey";
      readonly sourceFile: string;
      readonly part: PartEntry;
      readonly hashFile: string;
      readonly keys: Keys;
    }
  | ({ readonly stage: "glance" } & GlanceTask)
  | ({ readonly stage: "rowsAhead" } & RowsAheadTask)
  | ({ readonly stage: "duplicates" } & DuplicatesTask)
  | ({ readonly stage: "rows" } & RowsTask)
  | ({ readonly stage: "documents" } & DocumentsTask)
  | ({ readonly stage: "keys" } & KeysTask)
  | ({ readonly stage: "superseded" } & SupersededTask)
  | ({ readonly stage: "refit" } & RefitTask)
  | ({ readonly stage: "keyLines" } & KeyLinesTask)
  | ({ readonly stage: "supersededDocuments" } & SupersededDocumentsTask)
  | ({ readonly stage: "profileSurvey" } & SurveyLinesTask)
  | ({ readonly stage: "profileTwins" } & FindTwinsTask)
  | ({ readonly stage: "profileRows" } & MappedRowsTask)
  | ({ readonly stage: "profileDocuments" } & MappedDocumentsTask);

export type PartResult =
  | CollectionSurvey
  | readonly Suspect[]
  | WrittenRows
  | RowsAhead
  | WrittenDocuments
  | PartEntry
  | PlainDigest
  | SupersededRows
  | RefitRows
  | undefined
  | SurveyedLines
  | readonly FoundTwin[]
  | WrittenMappedRows
  | WrittenMappedDocuments;

const progress = new ProgressCounters(poolData<SharedArrayBuffer>());
const count = (lines: number, bytes: number): void => progress.add(lines, bytes);

const run: (task: PartTask) => Promise<WorkerOutcome<PartResult>> = workerTask<PartTask, PartResult>(
  (sent) => {
    const task = { ...sent, keys: { ...sent.keys, hugeTurn: progress } };
    switch (task.stage) {
      case "survey":
        return surveyPart(task.sourceFile, task.part, task.hashFile, task.keys, count);
      case "glance":
        return glanceAt(task);
      case "rowsAhead":
        return writeRowsAhead(task, count);
      case "duplicates":
        return findSuspects(task);
      case "rows":
        return writeRows(task, count);
      case "documents":
        return writeDocuments(task, count);
      case "keys":
        return writeKeys(task, count);
      case "superseded":
        return supersededRows(task, count);
      case "refit":
        return refitRows(task, count);
      case "keyLines":
        return writeKeyLines(task, count);
      case "supersededDocuments":
        return supersededDocuments(task, count);
      case "profileSurvey":
        return surveyLines(task, count);
      case "profileTwins":
        return findTwins(task);
      case "profileRows":
        return writeMappedRows(task, count);
      case "profileDocuments":
        return writeMappedDocuments(task, count);
    }
  },
);

export default run;
