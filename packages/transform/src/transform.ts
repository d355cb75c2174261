import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  collectOften,
  diskFault,
  FolderLock,
  MANIFEST,
  readSourceManifest,
  type ReadManifest,
  type SourceManifest,
  type TargetFacts,
  type DatabaseKind,
  kindOfSource,
  otherKind,
} from "@firebreak/archive";
import { COLLECTIONS } from "./collections/collection-output.ts";
import { COLLECTION_CHANGES } from "./delta/collection-changes.ts";
import { madeChain } from "./delta/made-chain.ts";
import { TABLE_CHANGES } from "./delta/table-changes.ts";
import { writeDelta } from "./delta/write-delta.ts";
import type { FolderTask } from "./folder-task.ts";
import { runnerFor } from "./lines/stage-work.ts";
import { makeFolder } from "./collections/mongodb-folder.ts";
import { writeFull } from "./output.ts";
import type { Profile } from "./profile.ts";
import { profiledCollections } from "./profiled/profiled-targets.ts";
import { profiledTables } from "./profiled/profiled-targets.ts";
import { writeProfiled } from "./profiled/write-profiled.ts";
import { TABLES } from "./tables/table-output.ts";
import { transformFault } from "./transform-faults.ts";
import type { TransformEvent } from "./transform-notes.ts";

/** More than threads are worth their start for. */
const EVERYTHING = { lineCount: Infinity, plainBytes: Infinity };

/** The lock file in the folder that transform writes. It exists while transform runs. */
export const LOCK = "transform.lock";

export interface TransformOptions {
  readonly archive: string;
  /** The kind of the target. If missing, it is the kind that the source is not. */
  readonly to?: DatabaseKind | undefined;
  /**
   * The folder to write, by the target's kind: the archive's `mysql/` or `mongodb/`, or a folder elsewhere if
   * the archive is read-only.
   */
  readonly folders: Readonly<Record<DatabaseKind, string>>;
  readonly jobs: number;
  readonly version: string;
  /** The mappings of an application. If missing, the generic mapping applies. */
  readonly profile?: Profile | undefined;
  /**
   * The target's facts, for the generic mapping: columns that somebody widened there are used as they are.
   */
  readonly targetFacts?: TargetFacts | undefined;
  /** The instant of the data, if it is another than that of the archive. */
  readonly watermarkMs?: number | undefined;
  /** In a delta: the folder of the archive before it. If missing, it is expected beside the delta. */
  readonly previous?: string | undefined;
  /** In a delta: keeps the rows of documents that a TTL index most likely removed. */
  readonly keepsExpired?: boolean;
  /** The person's identities, which open an encrypted archive. The output is for the same recipients. */
  readonly identities?: readonly string[] | undefined;
}

/**
 * Makes an archive ready to load: CSV and DDL for MySQL, from documents or from rows; or documents for
 * MongoDB, from rows. It adds digests and needs no network. It replaces whatever an interrupted run left. The
 * folder is complete once it has its manifest.
 *
 * @throws {FirebreakError} `transform-same-kind`, or a fault of archive: it names a damaged part, and no
 * manifest is written.
 */
export async function* transformArchive(options: TransformOptions): AsyncGenerator<TransformEvent> {
  const startedAt = new Date().toISOString();
  // A profile's heads of messages and its many small parts would take half as much memory again.
  if (options.profile !== undefined) collectOften();
  const source = await readSourceManifest(options.archive, options.identities);
  const sourceKind = kindOfSource(source.manifest);
  const to = options.to ?? otherKind(sourceKind);
  // MySQL to MySQL is possible: it makes the same tables, for load and similar commands.
  if (to !== "mysql" && to === sourceKind)
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

/** Returns the function that fills the folder of a target. */
function fillOf(
  to: DatabaseKind,
  profile: Profile | undefined,
): (task: FolderTask) => AsyncGenerator<TransformEvent> {
  if (profile === undefined)
    return (task) => (to === "mysql" ? writeFull(task, TABLES) : writeFull(task, COLLECTIONS));
  return (task) =>
    to === "mysql"
      ? writeProfiled(task, profile, TABLES, profiledTables)
      : writeProfiled(task, profile, COLLECTIONS, profiledCollections);
}

/** Returns the function that fills a delta's folder. The transforms of earlier links must be on this host. */
async function fillOfDelta(
  to: DatabaseKind,
  { archive, previous, profile, identities = [], keepsExpired = false }: TransformOptions,
): Promise<(task: FolderTask) => AsyncGenerator<TransformEvent>> {
  // A delta sorts its keys and looks them up for each row of the links before it: millions of small objects.
  collectOften();
  const refuseProfile = (made: string): void => {
    const name = profile?.name ?? made;
    if (name !== "generic") throw transformFault("delta-profile", { archive, profile: name });
  };
  if (to === "mysql") {
    const chain = await madeChain(to, archive, previous, identities);
    refuseProfile(chain.links.at(-1)!.manifest.profile);
    return (task) => writeDelta(task, TABLE_CHANGES, chain, { keepsExpired });
  }
  const chain = await madeChain(to, archive, previous, identities);
  refuseProfile(chain.links.at(-1)!.manifest.profile);
  return (task) => writeDelta(task, COLLECTION_CHANGES, chain, { keepsExpired });
}

async function* withPool(
  { archive, jobs, identities = [], version, targetFacts, watermarkMs }: TransformOptions,
  folder: string,
  source: ReadManifest<SourceManifest>,
  startedAt: string,
  fill: (task: FolderTask) => AsyncGenerator<TransformEvent>,
): AsyncGenerator<TransformEvent> {
  const parts = source.manifest.namespaces.flatMap((n) => n.parts);
  // A delta also reads the links before it.
  const pool = runnerFor(source.manifest.delta === undefined ? parts : [EVERYTHING], jobs);
  const keys = { identities, recipients: source.encryption?.recipients ?? [] };
  try {
    // The number of readings is known only as they happen. A delta plans one table after the other.
    const totalIs = source.manifest.delta === undefined ? "estimate" : "so-far";
    const pass = { archive, folder, jobs, pool, keys, totalIs } as const;
    yield* fill({ source, startedAt, version, targetFacts, watermarkMs, pass });
  } finally {
    await pool.close();
  }
}

export async function emptyFolder(folder: string): Promise<void> {
  try {
    // The manifest goes first, because a half-removed folder must not look complete.
    await rm(join(folder, MANIFEST), { recursive: true, force: true });
    for (const name of await readdir(folder))
      if (!name.startsWith(LOCK)) await rm(join(folder, name), { recursive: true, force: true });
  } catch (error) {
    throw diskFault(error, folder);
  }
}
