import {
  readSourceManifest,
  readTransformed,
  type Encryption,
  type MysqlManifest,
  type ReadManifest,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import { collectionFacts, type CollectionFacts } from "./collection-facts.ts";

/** Where an archive is from, as its manifests say. Sizes in bytes. */
export interface ArchiveFacts {
  readonly archive: string;
  readonly manifestSha256: string;
  readonly source: SourceManifest["source"];
  readonly consistency: SourceManifest["consistency"];
  readonly settings: SourceManifest["settings"];
  readonly run: SourceManifest["run"];
  /** For whom it is encrypted. */
  readonly encryption?: Encryption;
  /** The Ed25519 key that signed it. */
  readonly signedBy?: string;
  readonly sizes: Sizes;
  /** What transform made of it, where it did. */
  readonly transformed?: {
    readonly profile: string;
    readonly run: MysqlManifest["run"];
    readonly tableCount: number;
    readonly rowCount: number;
    readonly quarantinedCount: number;
  };
}

export interface Sizes {
  readonly parts: number;
  readonly plainBytes: number;
  readonly bytes: number;
}

/** One namespace, as the manifests and `collection.json` say. */
export interface NamespaceFacts extends CollectionFacts {
  readonly namespace: string;
  readonly collectionKind: SourceNamespace["kind"];
  readonly documents: number;
  readonly lines: number;
  readonly sizes: Sizes;
  readonly quarantined?: number;
  readonly tables?: readonly { readonly table: string; readonly rows: number }[];
}

/** The manifests of an archive: all that an overview needs. */
export interface Manifests {
  readonly source: ReadManifest<SourceManifest>;
  readonly mysql: MysqlManifest | undefined;
}

/** @throws {FirebreakError} (exit 5) for a manifest that is missing, damaged or of another archive. */
export async function readManifests(
  archive: string,
  mysqlFolder: string,
  identities: readonly string[] | undefined,
): Promise<Manifests> {
  const source = await readSourceManifest(archive, identities);
  return { source, mysql: await readTransformed(mysqlFolder, source.sha256, identities) };
}

export function archiveFacts(archive: string, { source, mysql }: Manifests): ArchiveFacts {
  const { manifest, sha256, encryption, signedBy } = source;
  return {
    archive,
    manifestSha256: sha256,
    source: manifest.source,
    consistency: manifest.consistency,
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
  };
}

/** @throws {FirebreakError} (exit 5) for a `collection.json` that is missing or damaged. */
export async function namespaceFacts(
  archive: string,
  { mysql }: Manifests,
  ns: SourceNamespace,
  identities: readonly string[] | undefined,
): Promise<NamespaceFacts> {
  const mapped = mysql?.namespaces.find((m) => m.namespace === ns.namespace);
  const tables = mysql?.tables.filter((t) => t.namespace === ns.namespace);
  return {
    namespace: ns.namespace,
    collectionKind: ns.kind,
    documents: ns.documentCount,
    lines: ns.lineCount,
    sizes: sizesOf([ns]),
    ...(await collectionFacts(archive, ns, identities)),
    ...(mapped === undefined ? {} : { quarantined: mapped.quarantinedCount }),
    ...(tables === undefined
      ? {}
      : { tables: tables.map((t) => ({ table: t.table, rows: t.digest.rowCount })) }),
  };
}

function sizesOf(namespaces: readonly SourceNamespace[]): Sizes {
  const parts = namespaces.flatMap((n) => n.parts);
  return {
    parts: parts.length,
    plainBytes: parts.reduce((sum, p) => sum + p.plainBytes, 0),
    bytes: parts.reduce((sum, p) => sum + p.bytes, 0),
  };
}
