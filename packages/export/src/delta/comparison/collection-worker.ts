import { connectMongodb, withRetry, type MongodbSource } from "@firebreak/mongodb";
import type { SealedLines } from "@firebreak/items";
import { stageData, stageTask } from "@firebreak/workers";
import { compareCollectionRange, type CollectionRange } from "./collection-range.ts";

/** The stages of a comparison with MongoDB. */
export interface CollectionStages {
  readonly range: { readonly task: CollectionRange; readonly result: SealedLines };
}

const url = stageData<string>();
let source: Promise<MongodbSource> | undefined;

/** Each thread opens its own connection when its first range comes. */
const run: ReturnType<typeof stageTask<CollectionStages>> = stageTask<CollectionStages>({
  range: async (task, progress) => {
    const { giveUpAfterMs } = task.target;
    const onWaiting = (isWaiting: boolean): void => progress.wait(isWaiting);
    source ??= withRetry({ giveUpAfterMs, onWaiting }, () => connectMongodb(url));
    return compareCollectionRange(await source, task, progress);
  },
});

export default run;
