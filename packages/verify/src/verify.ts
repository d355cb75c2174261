import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import {
  eachPart,
  fatesAccount,
  formatOf,
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  namespaceAccount,
  readContents,
  readMongodbManifest,
  readMysqlManifest,
  readRepairContents,
  readRepairManifest,
  readSourceManifest,
  type Account,
  type ArchiveFile,
  type MysqlManifest,
  type MysqlNamespace,
  type RepairManifest,
  type SourceManifest,
  type SourceNamespace,
  type StepEvent,
  type TransformedFolders,
} from "@firebreak/archive";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { checkChanges, checkDeltaManifest } from "./check-changes.ts";
import { checkArchiveFile, type CheckTask, type VerifyDepth } from "./check-archive-file.ts";

/**
 * The number of bytes from which threads are worth their start, which takes half a second of CPU: lines are
 * decoded at 0.2 GB/s, files hashed at 1 GB/s.
 */
const WORTH_THREADS_BYTES: Record<VerifyDepth, number> = { content: 64 << 20, files: 2 ** 31 };

export interface VerifyOptions extends TransformedFolders {
  readonly archive: string;
  readonly depth: VerifyDepth;
  readonly jobs: number;
  /** Identities of the person; needed for the content of an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** The public key that must have signed the archive. */
  readonly trustedKey?: KeyObject | undefined;
}

/**
 * Proves an archive, or a repair, against its own manifests, without a database. The files must be exactly
 * those that the manifests name, each whole and unchanged. If there is a signature, it must be that of its
 * key.
 *
 * @throws {FirebreakError} (exit 5) for the first fault found, naming the file.
 */
export async function* verifyArchive(options: VerifyOptions): AsyncGenerator<StepEvent> {
  const { archive, depth, identities } = options;
  const isRepair = (await formatOf(archive)) === "firebreak-repair";
  const contents = isRepair
    ? await readRepairContents(archive, options.trustedKey)
    : await readContents(archive, options, options.trustedKey);
  const isOpen = contents.source.encryption === undefined || identities !== undefined;
  let accounts: Account[] = [];
  let changed: readonly SourceNamespace[] = [];
  if (isRepair && (isOpen || depth === "content"))
    accounts = repairAccounts((await readRepairManifest(archive, identities)).manifest);
  else if (isOpen || depth === "content") {
    const { manifest } = await readSourceManifest(archive, identities);
    checkDeltaManifest(manifest, archive);
    changed = manifest.namespaces.filter((n) => n.change === "changed");
    const { mysqlFolder = join(archive, MYSQL_FOLDER), mongodbFolder = join(archive, MONGODB_FOLDER) } =
      options;
    const mysql = contents.mysql === undefined ? undefined : await readMysqlManifest(mysqlFolder, identities);
    const mongodb =
      contents.mongodb === undefined ? undefined : await readMongodbManifest(mongodbFolder, identities);
    accounts = accountsOf(manifest, mysql?.manifest, mongodb?.manifest.namespaces ?? []);
  }
  yield* checkFiles(contents.files, options);
  // Files come first, because the order of keys in a damaged file is of no interest.
  if (depth === "content") yield* checkAllChanges(changed, options);
  yield { kind: "account", accounts };
}

/** Checks files, on threads if there is much to read. */
async function* checkFiles(
  files: readonly ArchiveFile[],
  { depth, identities, jobs }: VerifyOptions,
): AsyncGenerator<StepEvent> {
  const totalItems = files.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const counters = new ProgressCounters();
  const pool =
    totalItems < WORTH_THREADS_BYTES[depth]
      ? undefined
      : new WorkerPool<CheckTask, void>(
          new URL("./verify-worker.js", import.meta.url),
          jobs,
          counters.buffer,
        );
  const tasks = files.map((file): CheckTask => ({ file, depth, identities }));
  const check = (task: CheckTask): Promise<void> =>
    pool?.run(task) ?? checkArchiveFile(task, (bytes) => counters.add(0, bytes));
  try {
    for await (const outcome of eachPart(tasks, jobs, check))
      if (outcome.kind === "tick")
        yield {
          kind: "progress",
          stage: "verify",
          items: counters.bytes,
          bytes: counters.bytes,
          totalItems,
        };
  } finally {
    await pool?.close();
  }
}

async function* checkAllChanges(
  namespaces: readonly SourceNamespace[],
  { archive, identities }: VerifyOptions,
): AsyncGenerator<StepEvent> {
  let bytes = 0;
  for (const ns of namespaces) {
    await checkChanges({ archive, ns, identities, count: (more) => (bytes += more) });
    yield { kind: "progress", stage: "verify-keys", items: bytes, bytes };
  }
}

function accountsOf(
  source: SourceManifest,
  mysql: MysqlManifest | undefined,
  forMongodb: readonly MysqlNamespace[],
): Account[] {
  return source.namespaces.map((n) => {
    // If there is output for both targets, the account shows the one that set more documents aside.
    const [mapped] = [...(mysql?.namespaces ?? []), ...forMongodb]
      .filter((m) => m.namespace === n.namespace)
      .sort((a, b) => b.quarantinedCount - a.quarantinedCount);
    const tables = mysql?.tables.filter((t) => t.namespace === n.namespace) ?? [];
    return {
      ...namespaceAccount(n),
      ...(mapped === undefined ? {} : fatesAccount(mapped)),
      ...(tables.length === 0
        ? {}
        : { tables: tables.map((t) => ({ table: t.table, rows: t.digest.rowCount })) }),
    };
  });
}

function repairAccounts({ tables }: RepairManifest): Account[] {
  return tables.map(({ table, rows }) => ({
    namespace: table.namespace,
    tables: [{ table: table.table, rows: rows?.lineCount ?? 0 }],
  }));
}
