import { NumberKeys, type KeyRun } from "@firebreak/items";
import { profileWorker } from "../lines/mapper-of.ts";
import { readSource, type Progress, type SourcePart } from "../lines/source-part.ts";
import type { ProfileNamespace, ProfileSurvey } from "../profile.ts";

/** The task to survey one source part with a profile. */
export interface SurveyLinesTask extends SourcePart {
  readonly module: string;
  readonly data: unknown;
  readonly namespace: ProfileNamespace;
  readonly runFile: string;
}

export interface SurveyedLines {
  readonly survey: ProfileSurvey;
  readonly run: KeyRun;
}

/** Lets a profile survey the lines of a part, and writes the keys that it finds as a sorted run. */
export async function surveyLines(task: SurveyLinesTask, progress: Progress): Promise<SurveyedLines> {
  const worker = await profileWorker(task.module);
  const surveyor = worker.surveyor(task.data, task.namespace);
  const keys = new NumberKeys();
  await readSource(task, progress, (read) => {
    const found = surveyor.take(read);
    if (found !== undefined) keys.add(found.key, found.value);
  });
  return { survey: surveyor.finish(), run: await keys.write(task.runFile) };
}
