import { writeFile } from "node:fs/promises";
import { diskFault, type PartEntry } from "@firebreak/archive";
import { emptyCollectionSurvey, surveyField, type CollectionSurvey } from "./collection-survey.ts";
import { KeyHashes } from "./key-hashes.ts";
import type { Keys } from "./keys.ts";
import { readLines, type ReadLine } from "@firebreak/archive";

/** Surveys one part, and writes the sorted hashes of its keys to a file. */
export async function surveyPart(
  file: string,
  part: PartEntry,
  hashFile: string,
  keys: Keys,
  count: (lines: number, bytes: number) => void,
): Promise<CollectionSurvey> {
  const survey = emptyCollectionSurvey();
  const hashes = new KeyHashes();
  const take = ({ line, fields }: ReadLine): void => {
    survey.lineCount++;
    if (line.length > survey.maxLineBytes) survey.maxLineBytes = line.length;
    for (let i = 0; i < fields.count; i++) {
      const name = fields.names[i]!;
      surveyField(survey, name, fields.kinds[i]!, fields.contents[i]!);
      if (name === "_id") hashes.add(fields, i);
    }
  };
  await readLines(file, part, keys, take, count);
  await writeFile(hashFile, hashes.sorted()).catch((error: unknown) => {
    throw diskFault(error, hashFile);
  });
  return survey;
}
