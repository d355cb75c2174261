export { poolData } from "./pool-data.ts";
export { ProgressCounters } from "./progress-counters.ts";
export { StagePool, stageTask, type StageWork } from "./stage-pool.ts";
export { WorkerPool, workerTask, type WorkerOutcome } from "./worker-pool.ts";
