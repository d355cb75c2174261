import { mysqlTarget } from "@firebreak/mysql";
import { stageData, stageTask } from "@firebreak/workers";
import { Gate } from "../../parts/gate.ts";
import { tableWork, type TableStages } from "./table-stages.ts";

/** The data that each worker thread gets at its start. */
export interface ComparisonData {
  readonly url: string;
  readonly gate: SharedArrayBuffer;
}

const { url, gate } = stageData<ComparisonData>();

// A thread takes one task at a time: when all wait at the gate, each has begun its own snapshot.
const { work } = tableWork(mysqlTarget(url), () => new Gate(gate).pass());
const run: ReturnType<typeof stageTask<TableStages>> = stageTask<TableStages>(work);

export default run;
