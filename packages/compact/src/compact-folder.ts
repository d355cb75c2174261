import { mkdir, readdir, rm } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import {
  diskFault,
  listFiles,
  MANIFEST,
  ProgressLog,
  writeDurably,
  type SourceManifest,
} from "@firebreak/archive";
import type { WrittenLines } from "@firebreak/items";
import { compactFault } from "./compact-faults.ts";

/** The lock file that keeps an export or another run out of the folder. */
export const LOCK_FILE = "export.lock";
const PROGRESS_FILE = "compact-progress.ndjson";
/** The folder for data that does not fit in memory. It is removed with the run. */
const SCRATCH = "compact.partial";

type ProgressEntry =
  /** The SHA-256 of the last link's manifest. A run does not continue with the output of another chain. */
  | { readonly kind: "begin"; readonly sha256: string; readonly startedAt: string }
  | ({ readonly kind: "finished"; readonly namespace: string } & WrittenLines);

/** The folder of the new archive while it is made. The caller closes it. */
export class CompactFolder {
  readonly startedAt: string;
  readonly finished: ReadonlyMap<string, WrittenLines>;
  readonly #out: string;
  readonly #log: ProgressLog<ProgressEntry>;

  private constructor(out: string, log: ProgressLog<ProgressEntry>, entries: readonly ProgressEntry[]) {
    this.#out = out;
    this.#log = log;
    const begin = entries.find((e) => e.kind === "begin");
    this.startedAt = begin?.startedAt ?? new Date().toISOString();
    this.finished = new Map(
      entries.flatMap((e) => (e.kind === "finished" ? [[e.namespace, e] as const] : [])),
    );
  }

  /**
   * Opens the folder, which is new or was left by an interrupted run.
   *
   * @throws {FirebreakError} `compact-out-taken` if it holds something else.
   */
  static async open(out: string, sha256: string): Promise<CompactFolder> {
    const file = join(out, PROGRESS_FILE);
    const found = await refuseOthers(out);
    if (!found.includes(PROGRESS_FILE)) {
      const begin: ProgressEntry = { kind: "begin", sha256, startedAt: new Date().toISOString() };
      await writeDurably(file, `${JSON.stringify(begin)}\n`);
    }
    const { log, entries } = await ProgressLog.open<ProgressEntry>(file);
    const [begin] = entries;
    if (begin?.kind !== "begin" || begin.sha256 !== sha256) {
      await log.close();
      throw compactFault("compact-out-taken", { out, found: PROGRESS_FILE });
    }
    await rm(join(out, SCRATCH), { recursive: true, force: true });
    return new CompactFolder(out, log, entries);
  }

  scratchOf(index: number): string {
    return join(this.#out, SCRATCH, String(index));
  }

  async finish(namespace: string, compacted: WrittenLines): Promise<void> {
    await this.#log.append({ kind: "finished", namespace, ...compacted });
  }

  /** Removes everything that the manifest does not name, except the progress. */
  async tidy(manifest: SourceManifest): Promise<void> {
    await rm(join(this.#out, SCRATCH), { recursive: true, force: true });
    const known = new Set([
      ...(manifest.databases ?? []).map((d) => d.metadata.file),
      ...manifest.namespaces.flatMap((n) => [n.metadata.file, ...n.parts.map((p) => p.file)]),
    ]);
    for (const file of await listFiles(this.#out))
      if (/^(source|databases)\//.test(file) && !known.has(file)) await rm(join(this.#out, file));
  }

  async close(): Promise<void> {
    await this.#log.close();
  }

  /** Removes the progress of a complete archive. */
  static async end(out: string): Promise<void> {
    await rm(join(out, SCRATCH), { recursive: true, force: true });
    await rm(join(out, PROGRESS_FILE), { force: true });
  }
}

/**
 * Makes the folder if it is missing.
 *
 * @throws {FirebreakError} `compact-out-taken`, or `compact-out-inside` if it is inside a link of the chain.
 */
export async function makeOut(out: string, links: readonly string[]): Promise<void> {
  for (const link of links) {
    const way = relative(resolve(link), resolve(out));
    if (way === "" || !(way === ".." || way.startsWith(`..${sep}`)))
      throw compactFault("compact-out-inside", { out, archive: link });
  }
  await refuseOthers(out);
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, out);
  });
}

async function refuseOthers(out: string): Promise<string[]> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw diskFault(error, out);
  });
  const found = names.filter((name) => !name.startsWith(LOCK_FILE));
  if (found.length > 0 && !found.includes(PROGRESS_FILE))
    throw compactFault("compact-out-taken", { out, found: found.includes(MANIFEST) ? MANIFEST : found[0]! });
  return found;
}
