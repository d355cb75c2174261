import type { ReadLine } from "@firebreak/archive";
import { NumberKeys, type KeyRun } from "@firebreak/items";
import { emptyCollectionSurvey, surveyField, type CollectionSurvey } from "./collection-survey.ts";
import { hashHalves } from "./key-hashes.ts";
import { readSource, type Progress, type SourcePart } from "../lines/source-part.ts";

/** The survey of one part's lines, with the hashes of their keys. */
export class PartSurvey {
  readonly result: CollectionSurvey = emptyCollectionSurvey();
  readonly hashes = new NumberKeys();

  take({ line, fields }: Pick<ReadLine, "line" | "fields">): void {
    const { result } = this;
    result.lineCount++;
    if (line.length > result.maxLineBytes) result.maxLineBytes = line.length;
    for (let i = 0; i < fields.count; i++) {
      const name = fields.names[i]!;
      surveyField(result, name, fields.kinds[i]!, fields.contents[i]!);
      if (name === "_id") this.hashes.addHalves(hashHalves(fields, i));
    }
  }
}

export interface SurveyTask extends SourcePart {
  readonly hashFile: string;
}

/** The survey of a part. The file with the hashes of its keys is the caller's. */
export interface SurveyedPart {
  readonly survey: CollectionSurvey;
  readonly hashes: KeyRun;
}

/** Surveys one part. */
export async function surveyPart(task: SurveyTask, progress: Progress): Promise<SurveyedPart> {
  const survey = new PartSurvey();
  await readSource(task, progress, (read) => survey.take(read));
  return { survey: survey.result, hashes: await survey.hashes.write(task.hashFile) };
}
