import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  collectionFileText,
  DELTA_FORMAT_VERSION,
  PartWriter,
  writeManifest,
  writeSmallFile,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";
import { openChain } from "@firebreak/items";

/** The changes of a delta to a collection of database `db`. Lines and key lines have no newline. */
export interface CollectionChange {
  readonly collection: string;
  readonly change: NonNullable<SourceNamespace["change"]>;
  readonly upserts?: readonly string[];
  readonly deletes?: readonly string[];
  readonly expired?: readonly string[];
  /** As export writes them. */
  readonly indexes?: readonly string[];
}

/** Writes a delta of an archive that stands beside it, as export would, without a database. */
export async function writeDelta(
  archive: string,
  previous: string,
  changes: readonly CollectionChange[],
): Promise<void> {
  const chain = await openChain(previous);
  const namespaces: SourceNamespace[] = [];
  for (const change of changes) namespaces.push(await writeChange(archive, change));
  const { manifest, sha256 } = chain.at(-1)!;
  const place = { baseSha256: sha256, chainSha256: chain[0]!.sha256, number: chain.length };
  await writeManifest(archive, {
    ...manifest,
    formatVersion: DELTA_FORMAT_VERSION,
    delta: { ...place, by: "comparison" },
    namespaces,
  });
}

async function writeChange(
  archive: string,
  { collection, change, upserts = [], deletes = [], expired = [], indexes = [] }: CollectionChange,
): Promise<SourceNamespace> {
  const directory = `source/db/${collection}`;
  const place = { namespace: `db.${collection}`, database: "db", collection, kind: "collection" } as const;
  await mkdir(join(archive, directory), { recursive: true });
  const text = collectionFileText({ ...place, optionsText: "{}", indexTexts: indexes });
  const partsOf = async (name: string, lines: readonly string[]): Promise<PartEntry[]> =>
    lines.length === 0 ? [] : [await writePart(archive, `${directory}/${name}.ndjson.zst`, lines)];
  return {
    ...place,
    directory,
    documentCount: upserts.length,
    lineCount: upserts.length,
    metadata: await writeSmallFile(archive, `${directory}/collection.json`, text),
    change,
    parts: await partsOf("00000", upserts),
    ...(change === "changed"
      ? {
          deletes: await partsOf("deletes-00000", deletes),
          expired: await partsOf("expired-00000", expired),
        }
      : {}),
  };
}

async function writePart(archive: string, file: string, lines: readonly string[]): Promise<PartEntry> {
  await mkdir(dirname(join(archive, file)), { recursive: true });
  const writer = await PartWriter.open(join(archive, file));
  for (const line of lines) await writer.write(Buffer.from(`${line}\n`), 1);
  return { file, ...(await writer.seal()) };
}
