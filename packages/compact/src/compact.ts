import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  chainNamespaces,
  openChain,
  type ChainLink,
  type ChainListing,
  type WrittenLines,
} from "@firebreak/items";
import {
  collectOften,
  diskFault,
  eachPart,
  hasManifest,
  FolderLock,
  killPoint,
  readSmallFile,
  sourceDirectory,
  writeManifest,
  writeSmallFile,
  type Encryption,
  type SourceNamespace,
} from "@firebreak/archive";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { compactFault } from "./compact-faults.ts";
import { CompactFolder, LOCK_FILE, makeOut } from "./compact-folder.ts";
import { manifestOf, protectionOf } from "./compact-manifest.ts";
import type { NamespaceTask } from "./compact-namespace.ts";
import type { CompactEvent } from "./compact-notes.ts";

const MIB = 1 << 20;

export interface CompactOptions {
  /** The chain's last delta. */
  readonly archive: string;
  /** The folder of the link before it, if it is not beside it. */
  readonly previous?: string | undefined;
  /** The folder of the new archive. */
  readonly out: string;
  readonly jobs: number;
  readonly version: string;
  /** The identities that open an encrypted chain. */
  readonly identities?: readonly string[] | undefined;
}

/** A namespace of the new archive, and the links that have its lines. */
interface PlannedNamespace {
  readonly listings: readonly ChainListing[];
  readonly last: ChainListing;
  readonly directory: string;
}

/**
 * Makes one full archive of a chain: the lines that exist at its end, in the parts that an export of the
 * source would have made then. A run that was killed at any moment continues when it is started again.
 *
 * @throws {FirebreakError} a fault of compact or archive.
 */
export async function* compactChain(options: CompactOptions): AsyncGenerator<CompactEvent> {
  collectOften();
  const { archive, previous, identities, out } = options;
  const chain = await openChain(archive, { previous, identities });
  const last = chain.at(-1)!;
  if (last.manifest.delta === undefined) throw compactFault("compact-no-delta", { archive });
  await makeOut(
    out,
    chain.map(({ folder }) => folder),
  );
  const lock = await FolderLock.take(join(out, LOCK_FILE));
  try {
    const folder = await CompactFolder.open(out, last.sha256);
    try {
      for await (const event of compactTo(folder, chain, options)) {
        lock.assertHeld();
        yield event;
      }
    } finally {
      await folder.close();
    }
    await CompactFolder.end(out);
  } finally {
    await lock.release();
  }
}

async function* compactTo(
  folder: CompactFolder,
  chain: readonly ChainLink[],
  options: CompactOptions,
): AsyncGenerator<CompactEvent> {
  const { out } = options;
  const last = chain.at(-1)!;
  const { finished } = folder;
  const isComplete = await hasManifest(out);
  if (finished.size > 0 && !isComplete)
    yield { kind: "note", code: "compact-resumed", fields: { out, namespaces: finished.size } };
  const planned = planNamespaces(chain, last.encryption);
  const compacted = new Map(finished);
  yield* compactAll(folder, chain, planned, options, compacted);
  if (!isComplete) {
    const protection = await protectionOf(out, last);
    const namespaces: SourceNamespace[] = [];
    for (const { last: listing, directory } of planned) {
      const { namespace, database, collection, kind, hasMemberNumbers } = listing.entry;
      const { parts, lineCount } = compacted.get(namespace)!;
      const content = await readSmallFile(listing.folder, listing.entry.metadata, options.identities);
      const file = `${directory}/collection.json`;
      const metadata = await writeSmallFile(out, file, content.toString("utf8"), last.encryption?.recipients);
      namespaces.push({
        namespace,
        database,
        collection,
        kind,
        directory,
        ...(hasMemberNumbers === undefined ? {} : { hasMemberNumbers }),
        documentCount: lineCount,
        lineCount,
        metadata,
        parts: [...parts],
      });
    }
    const manifest = await manifestOf(chain, namespaces, { ...options, startedAt: folder.startedAt });
    await folder.tidy(manifest);
    await writeManifest(out, manifest, protection);
  }
  for (const [namespace, { behindCount }] of compacted)
    if (behindCount > 0)
      yield { kind: "note", code: "compact-behind", fields: { namespace, lines: behindCount } };
  yield {
    kind: "account",
    accounts: planned.map(({ last: { entry } }) => {
      const { lineCount } = compacted.get(entry.namespace)!;
      return { namespace: entry.namespace, documents: lineCount, lines: lineCount };
    }),
  };
}

/** Plans the namespaces, sorted by name as in an export. */
function planNamespaces(chain: readonly ChainLink[], encryption: Encryption | undefined): PlannedNamespace[] {
  return [...chainNamespaces(chain)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { listings, last }], i) => {
      const directory = sourceDirectory(encryption, last.entry, i);
      return { listings, last, directory };
    });
}

/** Compacts the namespaces that are not finished, the largest first, because they take longest. */
async function* compactAll(
  folder: CompactFolder,
  chain: readonly ChainLink[],
  planned: readonly PlannedNamespace[],
  { out, jobs, identities }: CompactOptions,
  compacted: Map<string, WrittenLines>,
): AsyncGenerator<CompactEvent> {
  const { manifest, encryption } = chain.at(-1)!;
  const bytesOf = ({ listings }: PlannedNamespace): number =>
    listings.flatMap(({ entry }) => entry.parts).reduce((sum, p) => sum + p.plainBytes, 0);
  const left = planned
    .filter(({ last }) => !compacted.has(last.entry.namespace))
    .sort((a, b) => bytesOf(b) - bytesOf(a));
  if (left.length === 0) return;
  const counters = new ProgressCounters();
  const pool = new WorkerPool<NamespaceTask, WrittenLines>(
    new URL("./compact-worker.js", import.meta.url),
    Math.min(jobs, left.length),
    counters.buffer,
  );
  const work = async ({ listings, last, directory }: PlannedNamespace): Promise<void> => {
    const { namespace } = last.entry;
    await mkdir(join(out, directory), { recursive: true }).catch((error: unknown) => {
      throw diskFault(error, directory);
    });
    const result = await pool.run({
      listings,
      identities,
      out,
      directory,
      server: manifest.run.server,
      scratch: folder.scratchOf(planned.findIndex((p) => p.last.entry.namespace === namespace)),
      recipients: encryption?.recipients ?? [],
      partBytes: manifest.settings.partMib * MIB,
    });
    killPoint("namespace-merged");
    await folder.finish(namespace, result);
    killPoint("namespace-noted");
    compacted.set(namespace, result);
  };
  try {
    for await (const _ of eachPart(left, jobs, work))
      yield { kind: "progress", stage: "compact", items: counters.items, bytes: counters.bytes };
  } finally {
    await pool.close();
  }
}
