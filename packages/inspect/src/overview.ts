import { join } from "node:path";
import {
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  namespaceAccount,
  readSourceManifest,
  readTransformed,
  readTransformedForMongodb,
  type Change,
  type Encryption,
  type MongodbManifest,
  type MysqlManifest,
  type NotCarried,
  type ReadManifest,
  type SourceManifest,
  type SourceNamespace,
  type TransformedFolders,
} from "@firebreak/archive";
import { collectionFacts, type CollectionFacts, tableFacts } from "./collection-facts.ts";

/** The origin and size of an archive, from its manifests. Sizes are in bytes. */
export interface ArchiveFacts {
  readonly archive: string;
  readonly manifestSha256: string;
  readonly source: SourceManifest["source"];
  readonly consistency: SourceManifest["consistency"];
  /** The place of a delta in its chain. */
  readonly delta?: NonNullable<SourceManifest["delta"]>;
  /** The cluster time up to which the archive is complete. */
  readonly watermark?: string;
  readonly settings: SourceManifest["settings"];
  readonly run: SourceManifest["run"];
  /** The recipients that it is encrypted to. */
  readonly encryption?: Encryption;
  /** The Ed25519 key that signed it. */
  readonly signedBy?: string;
  readonly sizes: Sizes;
  /** The output of transform, if there is one. */
  readonly transformed?: {
    readonly profile: string;
    readonly run: MysqlManifest["run"];
    readonly tableCount: number;
    readonly rowCount: number;
    readonly quarantinedCount: number;
  };
  /** The output of transform for MongoDB. */
  readonly transformedForMongodb?: {
    readonly profile: string;
    readonly run: MongodbManifest["run"];
    readonly collectionCount: number;
    readonly documentCount: number;
    readonly quarantinedCount: number;
  };
}

export interface Sizes {
  readonly parts: number;
  readonly plainBytes: number;
  readonly bytes: number;
}

/** Facts about one namespace, from the manifests and `collection.json`. */
export interface NamespaceFacts extends CollectionFacts {
  readonly namespace: string;
  readonly collectionKind: SourceNamespace["kind"];
  readonly documents: number;
  readonly lines: number;
  /** The namespace's own consistency, if it differs from the archive's. */
  readonly consistency?: SourceNamespace["consistency"];
  /** The change in a delta, the number of deleted keys, and the number of those that TTL indexes deleted. */
  readonly change?: Change;
  readonly deletes?: number;
  readonly expired?: number;
  readonly sizes: Sizes;
  readonly quarantined?: number;
  readonly tables?: readonly { readonly table: string; readonly rows: number }[];
  /** Each collection as `database.collection`. */
  readonly collections?: readonly { readonly collection: string; readonly documents: number }[];
  /** Parts of the source that the target lacks or has in another form. Earlier versions wrote sentences. */
  readonly notCarried?: readonly (NotCarried | string)[];
}

/** The manifests of an archive, which are all that an overview needs. */
export interface Manifests {
  readonly source: ReadManifest<SourceManifest>;
  readonly mysql: MysqlManifest | undefined;
  readonly mongodb: MongodbManifest | undefined;
}

/**
 * Reads the manifests of an archive.
 *
 * @throws {FirebreakError} (exit 5) if a manifest is missing, damaged or belongs to another archive.
 */
export async function readManifests(
  archive: string,
  folders: TransformedFolders,
  identities: readonly string[] | undefined,
): Promise<Manifests> {
  const { mysqlFolder = join(archive, MYSQL_FOLDER), mongodbFolder = join(archive, MONGODB_FOLDER) } =
    folders;
  const source = await readSourceManifest(archive, identities);
  return {
    source,
    mysql: await readTransformed(mysqlFolder, source.sha256, identities),
    mongodb: await readTransformedForMongodb(mongodbFolder, source.sha256, identities),
  };
}

export function archiveFacts(archive: string, { source, mysql, mongodb }: Manifests): ArchiveFacts {
  const { manifest, sha256, encryption, signedBy } = source;
  return {
    archive,
    manifestSha256: sha256,
    source: manifest.source,
    consistency: manifest.consistency,
    ...(manifest.delta === undefined ? {} : { delta: manifest.delta }),
    ...(manifest.watermark === undefined ? {} : { watermark: manifest.watermark }),
    settings: manifest.settings,
    run: manifest.run,
    ...(encryption === undefined ? {} : { encryption }),
    ...(signedBy === undefined ? {} : { signedBy }),
    sizes: sizesOf(manifest.namespaces),
    ...(mysql === undefined
      ? {}
      : {
          transformed: {
            profile: mysql.profile,
            run: mysql.run,
            tableCount: mysql.tables.length,
            rowCount: mysql.tables.reduce((sum, t) => sum + t.digest.rowCount, 0),
            quarantinedCount: mysql.namespaces.reduce((sum, n) => sum + n.quarantinedCount, 0),
          },
        }),
    ...(mongodb === undefined
      ? {}
      : {
          transformedForMongodb: {
            profile: mongodb.profile,
            run: mongodb.run,
            collectionCount: mongodb.collections.length,
            documentCount: mongodb.collections.reduce((sum, c) => sum + c.digest.rowCount, 0),
            quarantinedCount: mongodb.namespaces.reduce((sum, n) => sum + n.quarantinedCount, 0),
          },
        }),
  };
}

/**
 * Collects the facts about one namespace.
 *
 * @throws {FirebreakError} (exit 5) if a `collection.json` is missing or damaged.
 */
export async function namespaceFacts(
  archive: string,
  { source, mysql, mongodb }: Manifests,
  ns: SourceNamespace,
  identities: readonly string[] | undefined,
): Promise<NamespaceFacts> {
  const isOf = <T extends { readonly namespace: string }>(made: T): boolean =>
    made.namespace === ns.namespace;
  const mapped = [...(mysql?.namespaces ?? []), ...(mongodb?.namespaces ?? [])].filter(isOf);
  const tables = mysql?.tables.filter(isOf);
  const collections = mongodb?.collections.filter(isOf);
  const told = [...mapped, ...(tables ?? []), ...(collections ?? [])];
  const notCarried = told.flatMap((made): (NotCarried | string)[] => made.notCarried ?? []);
  const facts =
    source.manifest.source.kind === "mysql"
      ? await tableFacts(archive, ns, identities)
      : await collectionFacts(archive, ns, identities);
  return {
    ...gone(ns),
    namespace: ns.namespace,
    collectionKind: ns.kind,
    documents: ns.documentCount,
    lines: ns.lineCount,
    ...(ns.consistency === undefined ? {} : { consistency: ns.consistency }),
    sizes: sizesOf([ns]),
    ...facts,
    ...(mapped.length === 0 ? {} : { quarantined: Math.max(...mapped.map((m) => m.quarantinedCount)) }),
    ...(tables === undefined
      ? {}
      : { tables: tables.map((t) => ({ table: t.table, rows: t.digest.rowCount })) }),
    ...(collections === undefined
      ? {}
      : {
          collections: collections.map((c) => ({
            collection: `${c.database}.${c.collection}`,
            documents: c.digest.rowCount,
          })),
        }),
    ...(notCarried.length === 0 ? {} : { notCarried }),
  };
}

function gone(ns: SourceNamespace): Pick<NamespaceFacts, "change" | "deletes" | "expired"> {
  const { change, deletes, expired } = namespaceAccount(ns);
  return change === undefined ? {} : { change, deletes: deletes!, expired: expired! };
}

function sizesOf(namespaces: readonly SourceNamespace[]): Sizes {
  const parts = namespaces.flatMap((n) => n.parts);
  const keys = namespaces.flatMap((n) => [...(n.deletes ?? []), ...(n.expired ?? [])]);
  return {
    parts: parts.length,
    plainBytes: parts.reduce((sum, p) => sum + p.plainBytes, 0),
    bytes: [...parts, ...keys].reduce((sum, p) => sum + p.bytes, 0),
  };
}
