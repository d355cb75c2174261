import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  archiveVersionOf,
  databaseFile,
  diskFault,
  IDENTITY_FILE,
  readSmallFile,
  runFacts,
  withConsistency,
  writeSmallFile,
  type Protection,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import type { ChainLink } from "@firebreak/items";

/** The new archive, and the run that makes it. */
export interface NewArchive {
  readonly out: string;
  readonly startedAt: string;
  readonly version: string;
  /** The identities that open an encrypted chain. */
  readonly identities?: readonly string[] | undefined;
}

/** Returns the chain's encryption: the same recipients, and with a passphrase the same identity. */
export async function protectionOf(out: string, last: ChainLink): Promise<Protection> {
  const own = last.files.find(({ file }) => file === IDENTITY_FILE);
  if (own !== undefined)
    await copyFile(join(last.folder, IDENTITY_FILE), join(out, IDENTITY_FILE)).catch((error: unknown) => {
      throw diskFault(error, join(out, IDENTITY_FILE));
    });
  return { encryption: last.encryption, extraFiles: own === undefined ? [] : [own] };
}

/** Returns the manifest of the compacted archive. Copies the files of databases into it first. */
export async function manifestOf(
  chain: readonly ChainLink[],
  namespaces: readonly SourceNamespace[],
  made: NewArchive,
): Promise<SourceManifest> {
  const { manifest } = chain.at(-1)!;
  const databases = await copyDatabases(chain, made);
  const { server, position } = manifest.run;
  return {
    format: "firebreak-archive",
    formatVersion: archiveVersionOf(false, namespaces),
    source: manifest.source,
    consistency: manifest.consistency,
    ...(manifest.watermark === undefined ? {} : { watermark: manifest.watermark }),
    settings: manifest.settings,
    namespaces: withConsistency(namespaces, manifest),
    ...(databases.length === 0 ? {} : { databases }),
    run: runFacts({ startedAt: made.startedAt, version: made.version, server, position }),
  };
}

/** Copies the files of databases from the newest link that has any. */
async function copyDatabases(
  chain: readonly ChainLink[],
  { out, identities }: NewArchive,
): Promise<NonNullable<SourceManifest["databases"]>> {
  const link = chain.findLast(({ manifest }) => manifest.databases !== undefined);
  const encryption = chain.at(-1)!.encryption;
  const copied: NonNullable<SourceManifest["databases"]> = [];
  for (const [i, { database, metadata }] of (link?.manifest.databases ?? []).entries()) {
    await mkdir(join(out, "databases"), { recursive: true });
    const content = (await readSmallFile(link!.folder, metadata, identities)).toString("utf8");
    copied.push({
      database,
      metadata: await writeSmallFile(
        out,
        databaseFile(encryption, database, i),
        content,
        encryption?.recipients,
      ),
    });
  }
  return copied;
}
