import { writeFile } from "node:fs/promises";
import { diskFault, type PartEntry } from "@firebreak/archive";
import { emptyCollectionSurvey, surveyField, type CollectionSurvey } from "./collection-survey.ts";
import { KeyHashes } from "./key-hashes.ts";
import { readLines, sayableFields, type ReadLine } from "./read-lines.ts";

/** Surveys one part, and writes the sorted hashes of its keys to a file. */
export async function surveyPart(
  file: string,
  part: PartEntry,
  hashFile: string,
  count: (lines: number, bytes: number) => void,
): Promise<CollectionSurvey> {
  const survey = emptyCollectionSurvey();
  const keys = new KeyHashes();
  const take = (read: ReadLine): void => {
    if (read.line.length > survey.maxLineCharacters) survey.maxLineCharacters = read.line.length;
    const fields = sayableFields(read);
    for (const name in fields) surveyField(survey, name, fields[name]!);
    const key = fields["_id"];
    if (key !== undefined) keys.add(key);
    survey.lineCount++;
  };
  await readLines(file, part, take, count);
  await writeFile(hashFile, keys.sorted()).catch((error: unknown) => {
    throw diskFault(error, hashFile);
  });
  return survey;
}
