import { toByteText } from "@firebreak/archive";
import { DOCUMENT_KEY, keyLineOf, NumberKeys, type KeyRun } from "@firebreak/items";
import { IndexWriter, type IndexFiles, type IndexPlace } from "../line-index/index-writer.ts";
import { profileWorker } from "../lines/mapper-of.ts";
import { readSource, type Progress, type SourcePart } from "../lines/source-part.ts";
import type { ProfileNamespace, ProfileSurvey } from "../profile.ts";

/** The task to survey one source part with a profile. */
export interface SurveyLinesTask extends SourcePart {
  readonly module: string;
  readonly data: unknown;
  readonly namespace: ProfileNamespace;
  readonly runFile: string;
  /** The place of the part's index, if it gets one. */
  readonly index?: IndexPlace | undefined;
}

export interface SurveyedLines {
  readonly survey: ProfileSurvey;
  readonly run: KeyRun;
  readonly index: IndexFiles | undefined;
}

/** Lets a profile survey the lines of a part. Writes the keys that it finds as a sorted run, and the index. */
export async function surveyLines(task: SurveyLinesTask, progress: Progress): Promise<SurveyedLines> {
  const worker = await profileWorker(task.module);
  const surveyor = worker.surveyor(task.data, task.namespace);
  const keys = new NumberKeys();
  const index = task.index === undefined ? undefined : new IndexWriter(task.index);
  const keyFields = keyFieldsOf(task.namespace);
  try {
    await readSource(
      task,
      progress,
      (read) => {
        const found = surveyor.take(read);
        if (found?.key !== undefined) keys.add(found.key, found.value);
        index?.add(read.line, keyLineOf(read, keyFields), found);
      },
      () => index?.flush() ?? Promise.resolve(),
    );
    const sealed = await index?.seal();
    return { survey: surveyor.finish(), run: await keys.write(task.runFile), index: sealed };
  } catch (error) {
    await index?.abandon();
    throw error;
  }
}

/** Returns the fields that tell a namespace's lines apart, in byte text. */
export function keyFieldsOf({ table }: Pick<ProfileNamespace, "table">): readonly string[] {
  return table === undefined ? DOCUMENT_KEY : table.keyColumns.map((name) => toByteText(name));
}
