import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  collectOften,
  diskFault,
  FolderLock,
  MANIFEST,
  readSourceManifest,
  type ProfileFacts,
  type ReadManifest,
  type SourceManifest,
  type StepEvent,
  type TargetFacts,
} from "@firebreak/archive";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { toDeltaCollections } from "./delta/delta-collections.ts";
import { toDeltaTables } from "./delta/delta-tables.ts";
import { madeChain } from "./delta/made-chain.ts";
import type { SetAsideDocuments } from "./delta/set-aside-note.ts";
import type { WidenedColumn } from "./delta/plan-of-changes.ts";
import { toTables } from "./to-tables.ts";
import { makeFolder } from "./mongodb-folder.ts";
import type { PartResult, PartTask } from "./part-worker.ts";
import type { Pass } from "./passes.ts";
import type { Profile } from "./profile.ts";
import { toProfiledCollections } from "./profiled/to-profiled-collections.ts";
import { toProfiledTables } from "./profiled/to-profiled-tables.ts";
import { toCollections } from "./to-collections.ts";
import { transformFault } from "./transform-faults.ts";

/** In the folder that is written, while it is. */
export const LOCK = "transform.lock";

/** What an archive can be transformed for. */
export type TargetKind = "mysql" | "mongodb";

export interface TransformOptions {
  readonly archive: string;
  /** The kind of the target; the other one than the source's where nothing is said. */
  readonly to?: TargetKind | undefined;
  /** Where what is made goes, by the target's kind: the archive's `mysql/` or `mongodb/`, or a folder elsewhere where the archive is read-only. */
  readonly folders: Readonly<Record<TargetKind, string>>;
  readonly jobs: number;
  readonly version: string;
  /** The mappings of an application; the generic mapping where there are none. */
  readonly profile?: Profile | undefined;
  /** What the target is like, for the generic mapping: columns that somebody made wider there are used as they are. */
  readonly targetFacts?: TargetFacts | undefined;
  /** Of a delta: the folder of the archive before it; it is looked for beside it unless given. */
  readonly previous?: string | undefined;
  /** Of a delta: rows of documents that a TTL index most likely took away stay. */
  readonly keepsExpired?: boolean;
  /** Of the person, for an encrypted archive; what is made of it is encrypted to the same recipients. */
  readonly identities?: readonly string[] | undefined;
}

/** What a transform tells besides its progress. */
export interface TransformNotes {
  /** Documents of a delta that a table as it is has no place for. */
  "delta-set-aside": SetAsideDocuments;
  /** A delta is transformed with the settings of its chain. */
  "profile-of-chain": { profile: string; options: Readonly<Record<string, string>> };
  /** A delta makes columns of a table wider, and writes rows of earlier links again whose values fit then. */
  "columns-widened": { table: string; columns: readonly WidenedColumn[]; rowCount: number };
  /** What a profile decided and did. */
  "profile-report": ProfileFacts & { profile: string };
}

/** What fills a folder, locked and empty, for a target. */
export interface FolderTask {
  readonly source: ReadManifest<SourceManifest>;
  readonly pass: Omit<Pass, "totalLines">;
  readonly startedAt: string;
  readonly version: string;
  readonly targetFacts?: TargetFacts | undefined;
}

/**
 * Makes of an archive what a database can be loaded with: CSV and DDL for MySQL,
 * of documents or of rows; or documents for MongoDB, of rows; with digests. Needs no network. What an interrupted run left is made
 * again; the folder is complete when it has its manifest.
 *
 * @throws {FirebreakError} `transform-same-kind`, or of archive: a damaged part is named, and no manifest is written.
 */
export async function* transformArchive(options: TransformOptions): AsyncGenerator<StepEvent> {
  const startedAt = new Date().toISOString();
  const source = await readSourceManifest(options.archive, options.identities);
  const sourceKind = source.manifest.source.kind === "mysql" ? "mysql" : "mongodb";
  const to = options.to ?? (sourceKind === "mysql" ? "mongodb" : "mysql");
  // Of MySQL there is: the same tables, for load and its like.
  if (to === "mongodb" && sourceKind === "mongodb")
    throw transformFault("transform-same-kind", { archive: options.archive });
  const folder = options.folders[to];
  await makeFolder(folder);
  const lock = await FolderLock.take(join(folder, LOCK));
  try {
    await emptyFolder(folder);
    const fill =
      source.manifest.delta === undefined ? fillOf(to, options.profile) : await fillOfDelta(to, options);
    for await (const event of withPool(options, folder, source, startedAt, fill)) {
      lock.assertHeld();
      yield event;
    }
  } finally {
    await lock.release();
  }
}

/** What makes the folder of a target. */
function fillOf(
  to: TargetKind,
  profile: Profile | undefined,
): (task: FolderTask) => AsyncGenerator<StepEvent> {
  if (profile === undefined) return to === "mysql" ? toTables : toCollections;
  return (task) => (to === "mysql" ? toProfiledTables(task, profile) : toProfiledCollections(task, profile));
}

/** What makes the folder of a delta: what was made of the links before it must be here. */
async function fillOfDelta(
  to: TargetKind,
  { archive, previous, profile, identities = [], keepsExpired = false }: TransformOptions,
): Promise<(task: FolderTask) => AsyncGenerator<StepEvent>> {
  // Its keys are sorted, and looked up for each row of the links before it.
  collectOften();
  const refuseProfile = (made: string): void => {
    const name = profile?.name ?? made;
    if (name !== "generic") throw transformFault("delta-profile", { archive, profile: name });
  };
  if (to === "mysql") {
    const chain = await madeChain("mysql", archive, previous, identities);
    refuseProfile(chain.links.at(-1)!.manifest.profile);
    return (task) => toDeltaTables(task, chain, { keepsExpired });
  }
  const chain = await madeChain("mongodb", archive, previous, identities);
  refuseProfile(chain.links.at(-1)!.manifest.profile);
  return (task) => toDeltaCollections(task, chain);
}

async function* withPool(
  { archive, jobs, identities = [], version, targetFacts }: TransformOptions,
  folder: string,
  source: ReadManifest<SourceManifest>,
  startedAt: string,
  fill: (task: FolderTask) => AsyncGenerator<StepEvent>,
): AsyncGenerator<StepEvent> {
  const counters = new ProgressCounters();
  const pool = new WorkerPool<PartTask, PartResult>(
    new URL("./part-worker.js", import.meta.url),
    jobs,
    counters.buffer,
  );
  const keys = { identities, recipients: source.encryption?.recipients ?? [] };
  try {
    // How often lines are read shows as they are; a delta plans one table after the other.
    const totalIs = source.manifest.delta === undefined ? "estimate" : "so-far";
    const pass = { archive, folder, jobs, pool, counters, keys, totalIs } as const;
    yield* fill({ source, startedAt, version, targetFacts, pass });
  } finally {
    await pool.close();
  }
}

export async function emptyFolder(folder: string): Promise<void> {
  try {
    // The manifest goes first: a folder that is half removed must not look whole.
    await rm(join(folder, MANIFEST), { recursive: true, force: true });
    for (const name of await readdir(folder))
      if (!name.startsWith(LOCK)) await rm(join(folder, name), { recursive: true, force: true });
  } catch (error) {
    throw diskFault(error, folder);
  }
}
