import { stageTask } from "@firebreak/workers";
import { STAGE_WORK } from "./stage-work.ts";
import type { Stages } from "./stages.ts";

const run: ReturnType<typeof stageTask<Stages>> = stageTask<Stages>(STAGE_WORK);

export default run;
