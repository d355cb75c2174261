import { hasSnapshots, type MongodbSource } from "@firebreak/mongodb";
import type { ServerFacts } from "@firebreak/mysql";
import type { PlanFinding } from "./plan-record.ts";

/** Returns the known problems of the versions of both servers. Pure. */
export function versionProblems(
  source: Parameters<typeof hasSnapshots>[0] & Pick<MongodbSource, "isReplicaSet">,
  target: Pick<ServerFacts, "version" | "isMariadb" | "major" | "minor">,
): PlanFinding[] {
  const findings: PlanFinding[] = [];
  if (source.isReplicaSet && !hasSnapshots(source))
    findings.push({ code: "no-snapshots", severity: "note", fields: { version: source.version } });
  const fields = { version: target.version };
  if (target.isMariadb) findings.push({ code: "mariadb-values", severity: "note", fields });
  if (!target.isMariadb && target.major === 9 && target.minor === 7)
    findings.push({ code: "processlist-fails", severity: "note", fields });
  return findings;
}
