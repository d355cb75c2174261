import { rm } from "node:fs/promises";
import { accountEvent, readTableFile, type MongodbCollection, type MysqlNamespace } from "@firebreak/archive";
import { planCollections, type CollectionPlan, type DescribedTable } from "../documents-plan.ts";
import { collectionDirectories, collectionOf, completeMongodbFolder } from "../mongodb-folder.ts";
import { namespaceOf } from "../mysql-folder.ts";
import { applicationNotCarried, databasesNotCarried } from "../not-carried.ts";
import type { PartTask } from "../part-worker.ts";
import { ageSuffix, runPass, sourceFile, writeCollection } from "../passes.ts";
import type { Profile, ProfileCollection } from "../profile.ts";
import { accountOf } from "../to-collections.ts";
import type { FolderTask } from "../transform.ts";
import type { WrittenDocuments } from "../write-documents.ts";
import type { TransformEvent } from "../transform-notes.ts";
import type { WrittenCollectionDocuments } from "./document-sink.ts";
import { runsFolder } from "./profile-passes.ts";
import { beginProfile, profileFacts, type ProfiledArchive, type SettledGroup } from "./profiled-archive.ts";
import { namespacesOf } from "./to-profiled-tables.ts";
import type { WrittenMappedDocuments } from "./write-mapped-documents.ts";

/**
 * Makes documents of an application's tables, each row in the collection that it belongs to. Other tables go
 * through the generic mapping if the profile says so.
 */
export async function* toProfiledCollections(
  task: FolderTask,
  profile: Profile,
): AsyncGenerator<TransformEvent> {
  const { source, pass } = task;
  const { encryption } = source;
  try {
    const profiled = yield* beginProfile(task, profile, "mongodb");
    const { plan } = profiled;
    const generic = await planOthers(profiled);
    const directories = collectionDirectories([...plan.collections, ...generic], encryption);
    const written: WrittenMappedDocuments[][] = [];
    for (const group of profiled.groups) written.push(yield* writeGroup(profiled, group, directories));
    await rm(runsFolder(pass.folder), { recursive: true, force: true });
    const documents = written.flat(2).flatMap((w) => w.documents);
    const collections: MongodbCollection[] = [];
    const add = async (
      of: Omit<CollectionPlan, "rule">,
      some: readonly WrittenDocuments[],
    ): Promise<void> => {
      const directory = directories[collections.length]!;
      collections.push(await collectionOf(pass.folder, directory, of, some, encryption?.recipients));
    };
    for (const [i, of] of plan.collections.entries())
      await add(of, documents.filter((d) => d.collection === i).map(asWritten));
    const mapped = profiled.groups.flatMap((group) => group.namespaces);
    const dropped = await applicationNotCarried(task, mapped);
    const databases = await databasesNotCarried(task, "mongodb", profiled.staying);
    const namespaces: MysqlNamespace[] = profiled.groups.flatMap((group, i) =>
      namespacesOf(group, written[i]!, dropped),
    );
    for (const [i, of] of generic.entries()) {
      const ns = profiled.others[i]!;
      const some = yield* writeCollection(profiled.pass, ns, of.rule, directories[collections.length]!);
      await add(of, some);
      namespaces.push(namespaceOf(ns, some, of.notCarried));
    }
    const facts = profileFacts(profiled, written);
    await completeMongodbFolder(pass.folder, {
      sourceManifestSha256: source.sha256,
      profile: profile.name,
      profileFacts: facts,
      namespaces,
      collections,
      databases,
      startedAt: task.startedAt,
      version: task.version,
      encryption,
    });
    yield { kind: "note", code: "profile-report", fields: { profile: profile.name, ...facts } };
    const homes = [...plan.collections, ...generic];
    yield accountEvent(
      namespaces.map((n) =>
        accountOf(
          n,
          homes.find((h) => h.namespace === n.namespace)!,
        ),
      ),
      { databases },
    );
  } finally {
    await rm(runsFolder(pass.folder), { recursive: true, force: true });
  }
}

/** Plans the collections of tables in no group, in the database of the profile's collections. */
async function planOthers({ others, pass, plan }: ProfiledArchive): Promise<CollectionPlan[]> {
  const tables: DescribedTable[] = [];
  for (const ns of others) {
    const database = plan.collections[0]?.database ?? ns.database;
    tables.push({
      ns: { ...ns, database },
      table: await readTableFile(pass.archive, ns, pass.keys.identities),
    });
  }
  return planCollections(tables);
}

async function* writeGroup(
  { pass, plan, module, lookups }: ProfiledArchive,
  { parts, fates }: SettledGroup,
  directories: readonly string[],
): AsyncGenerator<TransformEvent, WrittenMappedDocuments[]> {
  const suffix = ageSuffix(pass);
  const tasks = parts.map(({ ns, part, name }, i): PartTask => {
    const home = directories[plan.collections.findIndex((c) => c.namespace === ns.namespace)]!;
    const from = home.slice(home.lastIndexOf("/") + 1);
    const fileOf = ({ namespace }: ProfileCollection, collection: number): string => {
      const file = namespace === ns.namespace ? name : `from-${from}-${name}`;
      return `${directories[collection]!}/${file}.ndjson.zst${suffix}`;
    };
    return {
      stage: "profileDocuments",
      sourceFile: sourceFile(pass, part.file),
      part,
      keys: pass.keys,
      module,
      data: plan.data,
      namespace: ns,
      collections: plan.collections,
      folder: pass.folder,
      files: plan.collections.map(fileOf),
      quarantineFile: `quarantine/${home}/${name}.ndjson.zst${suffix}`,
      listFile: `listed/${home}/${name}.ndjson.zst${suffix}`,
      listed: plan.listed,
      lookups,
      fates: fates[i]!,
    };
  });
  return (yield* runPass(pass, "documents", tasks)) as WrittenMappedDocuments[];
}

function asWritten({ part, largestDocumentBytes }: WrittenCollectionDocuments): WrittenDocuments {
  return { part, quarantine: undefined, largestDocumentBytes };
}
