import { eventsOf, type Ended } from "@firebreak/testing/command-line/firebreak";
import type { SqlServer } from "@firebreak/testing/servers/databases";
import type { PlanRecord } from "@firebreak/plan";

/** Lists the facts that no plan sees of the servers of the tests: none profiles, and MariaDB keeps no statistics by default. */
export function neverSeen(server: SqlServer): string[] {
  return ["profiler-off", ...(server === "mariadb" ? ["performance-schema-off"] : [])];
}

/** Returns the plan that a run with `--json` printed. */
export function planned(ended: Ended): PlanRecord {
  const event = eventsOf(ended).find((e) => e["event"] === "plan");
  return (event as unknown as { record: PlanRecord }).record;
}
