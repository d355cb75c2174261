import { readLines, type PartEntry, type ReadLine } from "@firebreak/archive";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import { emptySurvey, takeField, type Survey } from "./survey.ts";

/** A part to survey, and its file. */
export interface SurveyTask {
  readonly file: string;
  readonly part: PartEntry;
  readonly identities: readonly string[] | undefined;
}

const progress = new ProgressCounters(poolData<SharedArrayBuffer>());

const run: (task: SurveyTask) => Promise<WorkerOutcome<Survey>> = workerTask(
  async ({ file, part, identities }: SurveyTask) => {
    const survey = emptySurvey();
    await readLines(
      file,
      part,
      { identities },
      (line) => takeLine(survey, line),
      (lines, bytes) => progress.add(lines, bytes),
    );
    return survey;
  },
);

export default run;

function takeLine(survey: Survey, { fields, isRaw }: ReadLine): void {
  survey.lines++;
  if (isRaw) survey.rawLines++;
  for (let i = 0; i < fields.count; i++) {
    const name = fields.names[i]!;
    // A raw line may have a name twice. The document counts once.
    if (!isRaw || fields.names.indexOf(name) === i) takeField(survey, name, fields, i);
  }
}
