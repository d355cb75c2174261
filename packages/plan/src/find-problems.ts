import { FirebreakError, type Account, type MysqlManifest } from "@firebreak/archive";
import { serverFacts, type Application, type MysqlSession } from "@firebreak/mysql";
import { preflight, serverDisk, type LoadFaults } from "@firebreak/mysql/target";
import { packetBytes } from "./settings/advise-settings.ts";
import type { MysqlSettings } from "./settings/mysql-settings.ts";
import type { IndexUse, PlanFinding } from "./plan-record.ts";

/** An oplog that reaches back for less may lose what a delta needs, if the delta before is of yesterday. */
const LEAST_OPLOG_HOURS = 24;

/** The facts of the source that may be a problem. */
export interface SourceFacts {
  readonly server: string;
  readonly isReplicaSet: boolean;
  readonly oplogHours: number | undefined;
  readonly indexUse: readonly IndexUse[];
}

/** Returns the problems of a source. Pure. */
export function sourceProblems({ server, isReplicaSet, oplogHours, indexUse }: SourceFacts): PlanFinding[] {
  const findings: PlanFinding[] = [];
  if (!isReplicaSet) findings.push({ code: "standalone", severity: "warn", fields: { server } });
  if (oplogHours !== undefined && oplogHours < LEAST_OPLOG_HOURS)
    findings.push({ code: "oplog-short", severity: "warn", fields: { hours: oplogHours } });
  const unused = indexUse.filter(({ index, uses }) => index !== "_id_" && uses === 0);
  if (unused.length > 0)
    findings.push({
      code: "index-unused",
      severity: "note",
      fields: { indexes: unused.map(({ namespace, index }) => ({ namespace, index })) },
    });
  return findings;
}

/** Reports documents of the probe that transform put in quarantine. Pure. */
export function quarantineProblems(accounts: readonly Account[]): PlanFinding[] {
  return accounts.flatMap(({ namespace, lines: of = 0, quarantined: documents = 0 }): PlanFinding[] =>
    documents === 0 ? [] : [{ code: "quarantined", severity: "warn", fields: { namespace, documents, of } }],
  );
}

/** The target, and what is to be loaded there. */
export interface TargetTask {
  readonly session: MysqlSession;
  readonly settings: MysqlSettings;
  /** The manifest of a sample: its tables are those of the whole, with fewer rows. */
  readonly manifest: MysqlManifest;
  /** The application whose own tables the rows are for, if any. */
  readonly application: Application | undefined;
  readonly neededBytes: number;
  readonly largestBytes: number;
}

/**
 * Returns the problems of a target: those of load's preflight, of its packets and of its disk.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function targetProblems(task: TargetTask): Promise<PlanFinding[]> {
  const { session, settings, manifest, application, neededBytes, largestBytes } = task;
  const findings: PlanFinding[] = [];
  try {
    await preflight(session, manifest, { application });
  } catch (error) {
    if (!(error instanceof FirebreakError) || error.code !== "load-refused") throw error;
    // The code says which fields there are.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const fields = error.fields as unknown as LoadFaults["load-refused"];
    findings.push({ code: "load-refused", severity: "stop", fields });
  }
  const limit = Number(settings.value("max_allowed_packet"));
  const needed = packetBytes({ largestBytes });
  if (limit < needed) findings.push({ code: "packet-small", severity: "warn", fields: { needed, limit } });
  const disk = await serverDisk(await serverFacts(session));
  if (disk !== undefined && disk.freeBytes < neededBytes)
    findings.push({
      code: "disk-small",
      severity: "stop",
      fields: { folder: disk.folder, needed: neededBytes, free: disk.freeBytes },
    });
  return findings;
}
