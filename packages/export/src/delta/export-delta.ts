import { join } from "node:path";
import {
  runFacts,
  accountEvent,
  collectOften,
  archiveVersionOf,
  FolderLock,
  namespaceAccount,
  readSourceManifest,
  withConsistency,
  writeManifest,
  type SourceManifest,
} from "@firebreak/archive";
import { chainNamespaces, openChain, type ChainLink } from "@firebreak/items";
import { writeDatabases } from "../complete-archive.ts";
import { exportFault } from "../export-faults.ts";
import type { ExportSettings } from "../export-settings.ts";
import { LOCK_FILE } from "../refuse-taken.ts";
import { makeFolder } from "../mongodb/plan-collection.ts";
import type { ExportEvent } from "../export-notes.ts";
import {
  beginDeltaFolder,
  deltaFolderState,
  deltaProtection,
  endDeltaFolder,
  tidyDeltaFolder,
} from "./delta-folder.ts";
import { deltaSettings } from "./delta-settings.ts";
import type { DeltaContents, DeltaSource } from "./delta-source.ts";
import { openDeltaSource } from "./open-delta-source.ts";
import type { DeltaOptions } from "./delta-options.ts";

/**
 * Writes what changed at a source since a chain's last link. If it is killed at any moment and run again, it
 * starts from nothing. The delta is complete when it has its manifest.
 *
 * @throws {FirebreakError} of export, mongodb, mysql or archive.
 */
export async function* exportDelta(options: DeltaOptions): AsyncGenerator<ExportEvent> {
  collectOften();
  const { archive, deltaFrom, identities } = options;
  await deltaFolderState(archive);
  const chain = await openChain(deltaFrom, { identities });
  const previous = chain.at(-1)!;
  const settings = deltaSettings(previous, options.said);
  const { kind } = previous.manifest.source;
  if (kind === "dump" || kind !== options.source.kind)
    throw exportFault("delta-source-differs", { previous: deltaFrom, kind, now: options.source.kind });
  await makeFolder(archive);
  const lock = await FolderLock.take(join(archive, LOCK_FILE));
  try {
    const state = await deltaFolderState(archive);
    if (state === "finished") {
      yield* finished(options, previous);
      return;
    }
    if (state === "unfinished") yield { kind: "note", code: "delta-begun-again", fields: { archive } };
    for await (const event of exportFrom(options, chain, settings)) {
      lock.assertHeld();
      yield event;
    }
  } finally {
    await lock.release();
  }
}

/** Ends a delta that was killed after its manifest was written. */
async function* finished(
  { archive, identities, deltaFrom }: DeltaOptions,
  previous: ChainLink,
): AsyncGenerator<ExportEvent> {
  const { manifest } = await readSourceManifest(archive, identities);
  if (manifest.delta?.baseSha256 !== previous.sha256)
    throw exportFault("delta-of-another", { archive, previous: deltaFrom });
  await endDeltaFolder(archive);
  yield { kind: "account", accounts: manifest.namespaces.map(namespaceAccount) };
}

async function* exportFrom(
  options: DeltaOptions,
  chain: readonly ChainLink[],
  settings: ExportSettings,
): AsyncGenerator<ExportEvent> {
  const { archive, identities, jobs, giveUpAfterMs, signingKey } = options;
  const previous = chain.at(-1)!;
  const startedAt = new Date().toISOString();
  const source = await openDeltaSource(options, chain);
  try {
    yield* source.notes;
    const scratch = await beginDeltaFolder(archive);
    const { encryption, extraFiles } = await deltaProtection(archive, previous);
    const contents = yield* source.write({
      archive,
      encryption,
      chain,
      known: chainNamespaces(chain),
      filter: settings,
      identities,
      partBytes: settings.partMib * 1024 * 1024,
      scratch,
      jobs,
      giveUpAfterMs,
    });
    const { databases } = contents;
    const manifest: SourceManifest = {
      ...manifestOf(options, { chain, settings, source, contents, startedAt }),
      ...(databases === undefined || databases.length === 0
        ? {}
        : { databases: await writeDatabases(archive, { databases }, { encryption }) }),
    };
    await tidyDeltaFolder(archive, manifest);
    await writeManifest(archive, manifest, { encryption, extraFiles, signingKey });
    await endDeltaFolder(archive);
    if (manifest.namespaces.length === 0)
      yield { kind: "note", code: "delta-empty", fields: { previous: options.deltaFrom } };
    yield accountEvent(manifest.namespaces.map(namespaceAccount), { databases: contents.notCarried });
  } finally {
    await source.close();
  }
}

function manifestOf(
  options: DeltaOptions,
  written: {
    readonly chain: readonly ChainLink[];
    readonly settings: ExportSettings;
    readonly source: DeltaSource;
    readonly contents: DeltaContents;
    readonly startedAt: string;
  },
): SourceManifest {
  const { chain, settings, source, contents, startedAt } = written;
  const { include, exclude, partMib } = settings;
  const { namespaces, consistency, watermark, position } = contents;
  const previous = chain.at(-1)!;
  return {
    format: "firebreak-archive",
    formatVersion: archiveVersionOf(true, namespaces),
    source: previous.manifest.source,
    consistency,
    delta: {
      baseSha256: previous.sha256,
      chainSha256: chain[0]!.sha256,
      number: (previous.manifest.delta?.number ?? 0) + 1,
      by: source.by,
    },
    ...(watermark === undefined ? {} : { watermark }),
    settings: { include: [...include], exclude: [...exclude], partMib },
    namespaces: withConsistency(namespaces, { source: previous.manifest.source, consistency }).sort((a, b) =>
      a.namespace < b.namespace ? -1 : 1,
    ),
    run: runFacts({ startedAt, version: options.version, server: source.server, position }),
  };
}
