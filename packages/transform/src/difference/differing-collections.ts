import {
  accountEvent,
  linesAccount,
  readMongodbManifest,
  type MongodbCollection,
  type MongodbManifest,
  type StepEvent,
} from "@firebreak/archive";
import { documentReader, EMPTY_DIGEST, isSameDigest, type ListedItems } from "@firebreak/items";
import { earlierLinks } from "../delta/made-chain.ts";
import type { MadeChain } from "../delta/made-chain.ts";
import { carriedMetadata } from "../collections/mongodb-folder.ts";
import { completeMongodbFolder } from "../collections/mongodb-folder.ts";
import { ageSuffix } from "../keys.ts";
import { copyFiles, type DifferenceTask } from "./difference-task.ts";
import { differenceOf } from "./write-difference.ts";

/** Makes a delta's `mongodb/`: for each collection that changed, the documents that update it. */
export async function* differingCollections(
  task: DifferenceTask,
  chain: MadeChain<MongodbManifest>,
): AsyncGenerator<StepEvent> {
  const { keys } = task;
  const { manifest: whole } = await readMongodbManifest(task.whole, keys.identities);
  const last = chain.links.at(-1)!;
  const known = last.manifest.collections.filter((c) => c.change !== "dropped");
  const isOne = (a: MongodbCollection, b: MongodbCollection): boolean =>
    a.collection === b.collection && a.database === b.database;
  const collections: MongodbCollection[] = [];
  const totalItems = whole.collections.length;
  for (const [i, collection] of whole.collections.entries()) {
    const before = known.find((c) => isOne(c, collection));
    await copyFiles(task, [collection.metadata]);
    if (before === undefined) {
      await copyFiles(task, collection.parts);
      collections.push({ ...collection, change: "whole" });
    } else {
      const links = earlierLinks(chain, (m: MongodbManifest) => m.collections, before);
      const listed = links.map((l) => ({ folder: l.folder, ...l.entry }));
      const name = `changed/${String(i).padStart(5, "0")}-`;
      collections.push(await changedCollection(task, listed, before, collection, name));
    }
    yield { kind: "progress", stage: "difference", items: i + 1, bytes: 0, totalItems };
  }
  for (const [i, { change: _, keys: __, ...gone }] of known.entries()) {
    if (whole.collections.some((c) => isOne(c, gone))) continue;
    const metadata = await carriedMetadata(task, last.folder, gone, `dropped/${String(i).padStart(5, "0")}`);
    collections.push({ ...gone, change: "dropped", digest: EMPTY_DIGEST, metadata, parts: [] });
  }
  await copyFiles(
    task,
    whole.namespaces.flatMap((n) => [...n.quarantine, ...(n.listed ?? [])]),
  );
  const { profile, profileFacts, namespaces, databases } = whole;
  await completeMongodbFolder(task.folder, {
    sourceManifestSha256: task.sourceManifestSha256,
    delta: task.delta,
    profile,
    ...(profileFacts === undefined ? {} : { profileFacts }),
    namespaces,
    entries: collections,
    databases,
    startedAt: task.startedAt,
    version: task.version,
    encryption: task.encryption,
  });
  yield accountEvent(namespaces.map(linesAccount), { databases });
}

/**
 * Returns the entry of a collection that a delta may change, and writes the documents that change it.
 *
 * @param links where the documents are that it had before: all, or those that may differ.
 * @param collection the collection after the delta: its digest, and its documents in the folder of the whole
 * transform, or as many of them.
 * @param prefix the beginning of the names of the files, relative to the folder that is written.
 */
export async function changedCollection(
  task: DifferenceTask,
  links: readonly ListedItems[],
  before: MongodbCollection,
  collection: MongodbCollection,
  prefix: string,
): Promise<MongodbCollection> {
  if (isSameDigest(before.digest, collection.digest)) return { ...collection, parts: [] };
  const { keys } = task;
  const suffix = ageSuffix(keys);
  const difference = await differenceOf(task, documentReader(keys), links, collection, {
    keysFile: `${prefix}keys.ndjson.zst${suffix}`,
    itemsFile: `${prefix}documents.ndjson.zst${suffix}`,
  });
  const { items, digest } = difference;
  return {
    ...collection,
    change: "changed",
    parts: items === undefined ? [] : [{ ...items, digest }],
    keys: difference.keys === undefined ? [] : [difference.keys],
  };
}
