import {
  accountEvent,
  readTableFile,
  type MongodbCollection,
  type MongodbManifest,
  type MysqlNamespace,
  type PartEntry,
  type SourceNamespace,
  type SourceTable,
} from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST, subtractDigests, type PlainDigest } from "@firebreak/items";
import { planCollections, type CollectionPlan } from "../documents-plan.ts";
import { collectionDirectories, collectionOf, completeMongodbFolder } from "../mongodb-folder.ts";
import { namespaceOf } from "../mysql-folder.ts";
import { databasesNotCarried } from "../not-carried.ts";
import { ageSuffix, partName, runPass, sourceFile, writeCollection, type Pass } from "../passes.ts";
import type { PartTask } from "../part-worker.ts";
import { accountOf } from "../to-collections.ts";
import type { FolderTask } from "../transform.ts";
import { transformFault } from "../transform-faults.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { carriedMetadata } from "./carried-metadata.ts";
import { earlierCollections } from "./earlier-collections.ts";
import type { MadeChain } from "./made-chain.ts";
import { supersededDigests } from "./superseded-digests.ts";
import { eachKeyLine } from "./superseded-documents.ts";

/**
 * Does for MongoDB what `toDeltaTables` does for MySQL: for each changed collection, it writes the key lines
 * of documents to delete, and the documents to insert.
 *
 * @throws {FirebreakError} `delta-unplanned`, or a fault of archive.
 */
export async function* toDeltaCollections(
  task: FolderTask,
  chain: MadeChain<MongodbManifest>,
): AsyncGenerator<TransformEvent> {
  const { source } = task;
  const { delta } = source.manifest;
  const before = chain.links.at(-1)!;
  const known = before.manifest.collections.filter((c) => c.change !== "dropped");
  const namespaces = source.manifest.namespaces.filter((n) => n.kind !== "view" && n.change !== "dropped");
  const tables: SourceTable[] = [];
  for (const ns of namespaces)
    tables.push(await readTableFile(task.pass.archive, ns, task.pass.keys.identities));
  const others = known.filter((c) => !namespaces.some((n) => n.namespace === c.namespace));
  // Existing collections keep their names, and new names do not collide with them.
  const plans = planCollections(
    namespaces.map((ns, i) => ({
      ns,
      table: tables[i]!,
      given: known.find((c) => c.namespace === ns.namespace),
    })),
    others,
  );
  const directories = collectionDirectories([...plans, ...others], source.encryption);
  const collections: MongodbCollection[] = [];
  const mapped: MysqlNamespace[] = [];
  const dropped = new Set(
    source.manifest.namespaces.filter((n) => n.change === "dropped").map((n) => n.namespace),
  );
  for (const [i, ns] of namespaces.entries()) {
    const [plan, directory] = [plans[i]!, directories[i]!];
    const earlier = known.find((c) => c.namespace === ns.namespace);
    const isChanged = ns.change === "changed" && earlier !== undefined;
    const links = isChanged ? earlierCollections(chain, earlier) : [];
    const work = [
      ...ns.parts,
      ...(isChanged ? ns.parts : []),
      ...(ns.deletes ?? []),
      ...links.flatMap((l) => l.collection.parts),
    ];
    const totalLines = work.reduce((sum, p) => sum + p.lineCount, task.pass.counters.items);
    const pass: Pass = { ...task.pass, totalLines };
    const written = yield* writeCollection(pass, ns, plan.rule, directory);
    mapped.push(namespaceOf(ns, written, plan.notCarried));
    const made = await collectionOf(pass.folder, directory, plan, written, pass.keys.recipients);
    if (!isChanged) {
      collections.push({ ...made, change: "whole" });
      continue;
    }
    const { keyColumns } = tables[i]!;
    if (keyColumns.length === 0)
      throw transformFault("delta-unplanned", {
        table: earlier.collection,
        namespace: ns.namespace,
        why: "no-key",
      });
    const keys = yield* writeKeysOf(pass, ns, plan, keyColumns, directory);
    const superseded = yield* supersededDigests<PlainDigest>(
      pass,
      keys,
      links.map((l) => ({ folder: l.folder, ...l.collection })),
      eachKeyLine(pass.keys),
      (documents, link, superseding) => ({
        stage: "supersededDocuments",
        documents,
        link,
        superseding,
        keys: pass.keys,
      }),
    );
    collections.push({
      ...made,
      change: "changed",
      metadata: await carriedMetadata(task.pass, before.folder, earlier, directory),
      digest: addDigests(superseded.reduce(subtractDigests, earlier.digest), made.digest),
      largestDocumentBytes: Math.max(earlier.largestDocumentBytes, made.largestDocumentBytes),
      keys,
    });
  }
  for (const [i, { change: _, keys: __, ...other }] of others.entries()) {
    const isGone = dropped.has(other.namespace);
    collections.push({
      ...other,
      ...(isGone ? { change: "dropped", digest: EMPTY_DIGEST } : {}),
      metadata: await carriedMetadata(task.pass, before.folder, other, directories[namespaces.length + i]!),
      parts: [],
    });
  }
  const databases = await databasesNotCarried(task, "mongodb");
  await completeMongodbFolder(task.pass.folder, {
    sourceManifestSha256: source.sha256,
    delta: { baseSha256: chain.baseSha256, chainSha256: delta!.chainSha256, number: delta!.number },
    profile: "generic",
    namespaces: mapped,
    collections,
    databases,
    startedAt: task.startedAt,
    version: task.version,
    encryption: source.encryption,
  });
  yield accountEvent(
    mapped.map((m, i) => accountOf(m, plans[i]!)),
    { databases },
  );
}

async function* writeKeysOf(
  pass: Pass,
  ns: SourceNamespace,
  { rule }: CollectionPlan,
  keyColumns: readonly string[],
  directory: string,
): AsyncGenerator<TransformEvent, PartEntry[]> {
  const sources = [...ns.parts, ...(ns.deletes ?? [])];
  const tasks = sources.map((part): PartTask => ({
    stage: "keyLines",
    sourceFile: sourceFile(pass, part.file),
    part,
    namespace: ns.namespace,
    rule,
    keyColumns,
    folder: pass.folder,
    keysFile: `${directory}/keys-${partName(part.file)}.ndjson.zst${ageSuffix(pass)}`,
    keys: pass.keys,
  }));
  const written = (yield* runPass(pass, "keys", tasks)) as (PartEntry | undefined)[];
  return written.flatMap((part) => part ?? []);
}
