import { eventsOf, type Ended } from "@firebreak/testing/command-line/firebreak";
import type { PlanRecord } from "@firebreak/plan";

/** Returns the plan that a run with `--json` printed. */
export function planned(ended: Ended): PlanRecord {
  const event = eventsOf(ended).find((e) => e["event"] === "plan");
  return (event as unknown as { record: PlanRecord }).record;
}
