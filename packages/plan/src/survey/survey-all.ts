import { rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import {
  killPoint,
  MYSQL_FOLDER,
  readRefusedLines,
  type Account,
  type MysqlManifest,
  type StepEvent,
} from "@firebreak/archive";
import type { Profile } from "@firebreak/transform";
import { planFault } from "../plan-faults.ts";
import type { QuarantineCount, Survey } from "../site/site-volume.ts";
import { ARCHIVE, probe, type Probed } from "../time/probe.ts";
import type { SourceOptions } from "@firebreak/export";

/** The estimate of a sample may be short of what all documents take. */
const MARGIN = 1.25;
const LEAST_BYTES = 16 << 20;

/** The documents to survey, and the sample that tells how much space they need. */
export interface SurveyTask {
  readonly mongodbUrl: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly jobs: number;
  readonly version: string;
  readonly profile: Profile | undefined;
  /** The folder that exists only during the plan. */
  readonly folder: string;
  readonly sample: Probed;
  /** The size of all documents. */
  readonly bytes: number;
  readonly documents: number;
}

/** A survey, and the accounts of its namespaces. */
export interface Surveyed {
  readonly survey: Survey;
  readonly accounts: readonly Account[];
}

/**
 * Takes every document through export and transform, and counts those that go to quarantine. Everything that it makes
 * is removed again.
 *
 * @throws {FirebreakError} `survey-disk` before it writes anything, or a fault of a server or a step.
 */
export async function* surveyAll(
  task: SurveyTask,
): AsyncGenerator<Extract<StepEvent, { kind: "progress" }>, Surveyed> {
  const { mongodbUrl, include, exclude, jobs, version, profile, bytes, documents } = task;
  await checkDisk(task);
  const folder = join(task.folder, "all");
  const source: SourceOptions = { kind: "mongodb", url: mongodbUrl };
  const whole = { documents, bytes, largestBytes: 0, readMs: 0 };
  const how = { jobs, version, profile, application: undefined, scratchUrl: undefined, wholeParts: 1 };
  const { manifest, accounts } = yield* probe({ ...how, folder, source, include, exclude, sample: whole });
  killPoint("survey-made");
  const reasons = await reasonsOf(join(folder, ARCHIVE, MYSQL_FOLDER), manifest);
  await rm(folder, { recursive: true });
  const sum = (count: (account: Account) => number | undefined): number =>
    accounts.reduce((total, account) => total + (count(account) ?? 0), 0);
  const survey = { documents: sum((a) => a.documents), quarantined: sum((a) => a.quarantined), reasons };
  return { survey, accounts };
}

async function checkDisk({ folder, sample, bytes }: SurveyTask): Promise<void> {
  const disk = await statfs(folder);
  const free = disk.bavail * disk.bsize;
  const part = sample.bytes === 0 ? 0 : bytes / sample.bytes;
  const needed = Math.ceil(sample.archiveBytes * part * MARGIN) + LEAST_BYTES;
  if (free < needed) throw planFault("survey-disk", { folder: dirname(folder), needed, free });
}

const lineSchema = z.object({ reason: z.string(), field: z.string() });

async function reasonsOf(folder: string, { namespaces }: MysqlManifest): Promise<QuarantineCount[]> {
  const reasons: QuarantineCount[] = [];
  for (const { namespace, quarantine } of namespaces) {
    const counts = new Map<string, QuarantineCount>();
    for (const part of quarantine)
      for await (const { reason, field } of readRefusedLines(folder, part, undefined, (v) =>
        lineSchema.parse(v),
      )) {
        const key = JSON.stringify([reason, field]);
        const documents = (counts.get(key)?.documents ?? 0) + 1;
        counts.set(key, { namespace, reason, field, documents });
      }
    reasons.push(...counts.values());
  }
  return reasons;
}
