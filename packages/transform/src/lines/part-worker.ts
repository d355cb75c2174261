import { stageTask, type ProgressCounters } from "@firebreak/workers";
import { refitRows } from "../delta/refit/refit-rows.ts";
import { supersededDocuments, supersededRows } from "../delta/superseded-items.ts";
import { surveyLines } from "../profiled/survey-lines.ts";
import { glanceAt, writeRowsWithSurvey } from "../survey/rows-with-survey.ts";
import { surveyPart } from "../survey/survey-part.ts";
import { findDuplicates } from "./find-duplicates.ts";
import type { SourcePart } from "./source-part.ts";
import type { Stages } from "./stages.ts";
import { writeKeys } from "./write-keys.ts";
import { writePart } from "./write-part.ts";

const run: ReturnType<typeof stageTask<Stages>> = stageTask<Stages>({
  survey: surveyPart,
  glance: (task, progress) => glanceAt(inTurn(task, progress)),
  profileSurvey: surveyLines,
  duplicates: (task, progress) => findDuplicates(inTurn(task, progress)),
  write: writePart,
  rowsWithSurvey: writeRowsWithSurvey,
  keys: writeKeys,
  superseded: (task, progress) => supersededRows(inTurn(task, progress), counting(progress)),
  supersededDocuments: (task, progress) => supersededDocuments(inTurn(task, progress), counting(progress)),
  refit: (task, progress) => refitRows(inTurn(task, progress), counting(progress)),
});

export default run;

/** Lets a task take turns with huge lines. */
function inTurn<T extends Pick<SourcePart, "keys">>(task: T, progress: ProgressCounters): T {
  return { ...task, keys: { ...task.keys, hugeTurn: progress } };
}

function counting(progress: ProgressCounters): (lines: number, bytes: number) => void {
  return (lines, bytes) => progress.add(lines, bytes);
}
