import { readLines, type PartEntry } from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import type { ProfileNamespace, ProfileSurvey } from "../profile.ts";
import { KeyRunWriter, type KeyRun } from "./key-run.ts";
import { profileWorker } from "./profile-worker.ts";

/** The task to survey one source part with a profile. */
export interface SurveyLinesTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly keys: Keys;
  readonly module: string;
  readonly data: unknown;
  readonly namespace: ProfileNamespace;
  /** The run's path without its suffix; below, the run's number among all. */
  readonly runFile: string;
  readonly runNumber: number;
  readonly runSecret: Uint8Array | undefined;
}

export interface SurveyedLines {
  readonly survey: ProfileSurvey;
  readonly run: KeyRun;
}

/** Lets a profile survey the lines of a part, and writes the keys that it finds as a sorted run. */
export async function surveyLines(
  task: SurveyLinesTask,
  count: (lines: number, bytes: number) => void,
): Promise<SurveyedLines> {
  const worker = await profileWorker(task.module);
  const surveyor = worker.surveyor(task.data, task.namespace);
  const keys = new KeyRunWriter();
  await readLines(
    task.sourceFile,
    task.part,
    task.keys,
    (read) => {
      const found = surveyor.take(read);
      if (found !== undefined) keys.add(found.key, found.value);
    },
    count,
  );
  return {
    survey: surveyor.finish(),
    run: await keys.write(task.runFile, task.runNumber, task.runSecret),
  };
}
