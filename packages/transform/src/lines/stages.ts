import type { PartEntry } from "@firebreak/archive";
import type { PlainDigest } from "@firebreak/items";
import type { CollectionSurvey } from "../survey/collection-survey.ts";
import type { RefitRows, RefitTask } from "../delta/refit/refit-rows.ts";
import type {
  SupersededDocumentsTask,
  SupersededRows,
  SupersededRowsTask,
} from "../delta/superseded-items.ts";
import type { ExtractedLines, ExtractTask } from "../affected/extract-lines.ts";
import type { SurveyedLines, SurveyLinesTask } from "../profiled/survey-lines.ts";
import type { RowsWithSurvey, RowsWithSurveyTask } from "../survey/rows-with-survey.ts";
import type { SurveyedPart, SurveyTask } from "../survey/survey-part.ts";
import type { DuplicatesTask, FoundDuplicate } from "./find-duplicates.ts";
import type { SourcePart } from "./source-part.ts";
import type { KeysTask } from "./write-keys.ts";
import type { WriteTask, WrittenPart } from "./write-part.ts";

interface Work<Task, Result> {
  readonly task: Task;
  readonly result: Result;
}

/** The work that a thread does on one part, by stage. */
export interface Stages {
  readonly survey: Work<SurveyTask, SurveyedPart>;
  readonly glance: Work<SourcePart, CollectionSurvey>;
  readonly profileSurvey: Work<SurveyLinesTask, SurveyedLines>;
  readonly extract: Work<ExtractTask, ExtractedLines>;
  readonly duplicates: Work<DuplicatesTask, FoundDuplicate[]>;
  readonly write: Work<WriteTask, WrittenPart>;
  readonly rowsWithSurvey: Work<RowsWithSurveyTask, RowsWithSurvey>;
  readonly keys: Work<KeysTask, PartEntry | undefined>;
  readonly superseded: Work<SupersededRowsTask, SupersededRows>;
  readonly supersededDocuments: Work<SupersededDocumentsTask, PlainDigest>;
  readonly refit: Work<RefitTask, RefitRows>;
}
