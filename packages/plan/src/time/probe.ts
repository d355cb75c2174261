import { join } from "node:path";
import {
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  readMysqlManifest,
  type MysqlManifest,
  type StepEvent,
} from "@firebreak/archive";
import { checksumArchive } from "@firebreak/checksum";
import { exportArchive, type SourceOptions } from "@firebreak/export";
import { loadArchive } from "@firebreak/load";
import { MysqlSession, mysqlTarget, type Application } from "@firebreak/mysql";
import { mysqlChecksumTarget, mysqlLoadTarget } from "@firebreak/mysql/target";
import { transformArchive, type Profile } from "@firebreak/transform";
import type { Volume } from "../plan-record.ts";
import { folderBytes, timed, type Measured } from "./measure.ts";
import { mergeAccounts } from "./merge-accounts.ts";
import type { Sample } from "./sample.ts";

/** The name of the archive in a probe's folder. */
export const ARCHIVE = "archive";

type Progress = Extract<StepEvent, { kind: "progress" }>;

/** The time for which the source may fail. A rehearsal is made again rather than waited for. */
const GIVE_UP_MS = 60_000;

/** The size of a part of an archive, in MiB, unless somebody says otherwise. */
const PART_MIB = 64;

/**
 * An export of a server reads while it writes lines; that of a sample does one after the other. With 300,000 and with a
 * million messages the sample's took 1.5 times as long for each thread.
 */
const OVERLAP = 1.5;

/** A sample that goes through the steps. */
export interface ProbeTask {
  /** The folder that has the sample as `dump`, and takes the rest. */
  readonly folder: string;
  /** The source, and its namespaces, if it is not the sample in the folder. */
  readonly source?: SourceOptions;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly sample: Sample;
  /** The number of parts that the archive of all documents will have. As many threads work on it as it has parts. */
  readonly wholeParts: number;
  readonly jobs: number;
  readonly version: string;
  readonly profile: Profile | undefined;
  /** The application whose own tables the profile's rows are for. */
  readonly application: Application | undefined;
  /** The URL of the scratch database, if the sample is to be loaded. */
  readonly scratchUrl: string | undefined;
}

/** The measurements, and the manifest of what transform made. */
export interface Probed extends Measured {
  readonly manifest: MysqlManifest;
}

/**
 * Runs a sample through the real steps, and measures each. It loads only if there is a scratch database.
 *
 * @throws {FirebreakError} a fault of any step.
 */
export async function* probe(task: ProbeTask): AsyncGenerator<Progress, Probed> {
  const { folder, sample, wholeParts, jobs, version, profile, scratchUrl, include = [], exclude = [] } = task;
  const archive = join(folder, ARCHIVE);
  const exporting = exportArchive({
    source: task.source ?? { kind: "dump", path: join(folder, "dump"), skipsOplog: true },
    archive,
    jobs,
    version,
    partMib: task.source === undefined ? partMibOf(task) : PART_MIB,
    giveUpAfterMs: GIVE_UP_MS,
    include,
    exclude,
    recipients: [],
    hasPassphrase: false,
    hasClearNames: false,
  });
  const exported = yield* timed(exporting);
  const folders = { mysql: join(archive, MYSQL_FOLDER), mongodb: join(archive, MONGODB_FOLDER) };
  const transforming = transformArchive({ archive, to: "mysql", folders, jobs, version, profile });
  const transformed = yield* timed(transforming);
  const { manifest } = await readMysqlManifest(folders.mysql);
  const ms: Measured["ms"] = {
    // The file of a sample's collection is read by one thread.
    export:
      task.source === undefined
        ? (exported.ms + sample.readMs) / (Math.min(jobs, wholeParts) * OVERLAP)
        : exported.ms,
    transform: transformed.ms,
  };
  const parts = manifest.tables.flatMap((t) => t.parts.map((part) => ({ part, indexes: t.indexes.length })));
  const measured = {
    bytes: sample.bytes,
    documents: sample.documents,
    largestBytes: sample.largestBytes,
    archiveBytes: await folderBytes(archive),
    csvBytes: parts.reduce((sum, { part }) => sum + part.plainBytes, 0),
    indexEntries: parts.reduce((sum, { part, indexes }) => sum + part.lineCount * indexes, 0),
    accounts: mergeAccounts([exported.accounts, transformed.accounts]),
    manifest,
  };
  if (scratchUrl === undefined) return { ...measured, ms };
  const rows = { archive, folder: folders.mysql, work: join(folder, "work"), jobs };
  const how = { maxQuarantine: Number.MAX_SAFE_INTEGER, isReplay: false, isDryRun: false };
  const loaded = yield* timed(
    loadArchive(mysqlLoadTarget({ url: scratchUrl, applicationOf: async () => task.application }), {
      ...rows,
      ...how,
    }),
  );
  const proved = yield* timed(checksumArchive(mysqlChecksumTarget({ url: scratchUrl }), rows));
  return {
    ...measured,
    accounts: mergeAccounts([measured.accounts, loaded.accounts, proved.accounts]),
    ms: { ...ms, load: loaded.ms, checksum: proved.ms },
    storedBytes: await storedBytes(scratchUrl),
  };
}

/** Returns the size of parts with which the steps have as many threads for a sample as for the whole. */
function partMibOf({ sample, wholeParts, jobs }: ProbeTask): number {
  const mib = sample.bytes / (1 << 20) / Math.min(wholeParts, 2 * jobs);
  return Math.min(PART_MIB, Math.max(1, mib));
}

/** Returns the number of parts that an archive of collections has. */
export function partsOf(volumes: readonly Volume[]): number {
  const parts = volumes.map(({ bytes }) => Math.ceil(bytes / (PART_MIB << 20)));
  return Math.max(
    1,
    parts.reduce((sum, count) => sum + count, 0),
  );
}

async function storedBytes(url: string): Promise<number> {
  const session = await MysqlSession.open(mysqlTarget(url));
  try {
    const [row] = await session.rows<{ bytes: string | null }>(
      `SELECT CAST(SUM(data_length + index_length) AS CHAR) AS bytes FROM information_schema.tables
        WHERE table_schema = DATABASE()`,
    );
    return Number(row?.bytes ?? 0);
  } finally {
    await session.close();
  }
}
