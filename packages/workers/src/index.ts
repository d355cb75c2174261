export { ProgressCounters } from "./progress-counters.ts";
export { shareValue, sharedValue, type SharedValue } from "./shared-value.ts";
export {
  LocalStages,
  stageData,
  StagePool,
  stageTask,
  type StageRunner,
  type StageWork,
} from "./stage-pool.ts";
export { poolData, WorkerPool, workerTask, type WorkerOutcome } from "./worker-pool.ts";
