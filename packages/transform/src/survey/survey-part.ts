import { writeFile } from "node:fs/promises";
import { diskFault, type ReadLine } from "@firebreak/archive";
import { emptyCollectionSurvey, surveyField, type CollectionSurvey } from "./collection-survey.ts";
import { KeyHashes } from "./key-hashes.ts";
import { readSource, type Progress, type SourcePart } from "../lines/source-part.ts";

/** The survey of one part's lines, with the hashes of their keys. */
export class PartSurvey {
  readonly result: CollectionSurvey = emptyCollectionSurvey();
  readonly #hashes = new KeyHashes();

  take({ line, fields }: Pick<ReadLine, "line" | "fields">): void {
    const { result } = this;
    result.lineCount++;
    if (line.length > result.maxLineBytes) result.maxLineBytes = line.length;
    for (let i = 0; i < fields.count; i++) {
      const name = fields.names[i]!;
      surveyField(result, name, fields.kinds[i]!, fields.contents[i]!);
      if (name === "_id") this.#hashes.add(fields, i);
    }
  }

  /** Writes the hashes, sorted. */
  async writeHashes(file: string): Promise<void> {
    await writeFile(file, this.#hashes.sorted()).catch((error: unknown) => {
      throw diskFault(error, file);
    });
  }
}

export interface SurveyTask extends SourcePart {
  readonly hashFile: string;
}

/** Surveys one part, and writes the sorted hashes of its keys to a file. */
export async function surveyPart(task: SurveyTask, progress: Progress): Promise<CollectionSurvey> {
  const survey = new PartSurvey();
  await readSource(task, progress, (read) => survey.take(read));
  await survey.writeHashes(task.hashFile);
  return survey.result;
}
