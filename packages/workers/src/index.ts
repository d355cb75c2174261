export { ProgressCounters } from "./progress-counters.ts";
export { stageData, StagePool, stageTask, type StageWork } from "./stage-pool.ts";
export { poolData, WorkerPool, workerTask, type WorkerOutcome } from "./worker-pool.ts";
