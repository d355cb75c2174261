import { chainNamespaces, type ChainLink, type PlainDigest } from "@firebreak/items";
import { linesAccount, type Account, type MongodbManifest } from "@firebreak/archive";
import type { LinkLines } from "../../stored/made-chain.ts";

/** A collection in the archive, and its place in the target. */
export interface ArchivedCollection {
  /**
   * The collection's lines in each link of the chain, the oldest first. For the transform of a delta, the
   * lines of that link only.
   */
  readonly lines: readonly LinkLines[];
  readonly lineCount: number;
  /** In a transformed delta: the digest of all documents after the delta. */
  readonly digest?: PlainDigest;
  /** The name at the source, which reports use. */
  readonly source: string;
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  /** The place that the archive names. The target's URL may name another. */
  readonly made?: { readonly database: string; readonly collection: string };
  readonly account: Account;
}

/** Returns the collections of an archive of MongoDB, by all links of its chain, without views. */
export function sourceCollections(
  chain: readonly ChainLink[],
  identities: readonly string[] | undefined,
  targetDatabase: string | undefined,
): ArchivedCollection[] {
  return [...chainNamespaces(chain).values()]
    .filter(({ last }) => last.entry.kind !== "view")
    .map(({ listings, last: { entry } }) => ({
      lines: listings.map(({ folder, entry: { parts, deletes = [], expired = [] } }) => ({
        link: undefined,
        archive: { archive: folder, identities },
        parts,
        superseding: [...deletes, ...expired, ...parts],
      })),
      lineCount: listings.reduce((sum, l) => sum + l.entry.lineCount, 0),
      source: entry.namespace,
      ...placeOf(targetDatabase ?? entry.database, entry.collection),
      account: { namespace: entry.namespace, lines: entry.lineCount },
    }));
}

/** Returns the collections that transform made of an archive. For a delta, these include unchanged ones. */
export function madeCollections(
  folder: string,
  manifest: MongodbManifest,
  identities: readonly string[] | undefined,
  targetDatabase: string | undefined,
): ArchivedCollection[] {
  const isDelta = manifest.delta !== undefined;
  return manifest.collections
    .filter((c) => c.change !== "dropped")
    .map(({ namespace, database, collection, digest, parts, change }) => {
      const mapped = manifest.namespaces.find((n) => n.namespace === namespace);
      return {
        lines: [
          {
            link: isDelta ? manifest.sourceManifestSha256 : undefined,
            archive: { archive: folder, identities },
            parts,
          },
        ],
        lineCount: digest.rowCount,
        ...(isDelta ? { digest, made: { database, collection } } : {}),
        source: namespace,
        ...placeOf(targetDatabase ?? database, collection),
        account: {
          ...(mapped === undefined ? { namespace } : linesAccount(mapped)),
          ...(change === undefined ? {} : { change }),
        },
      };
    });
}

function placeOf(
  database: string,
  collection: string,
): Pick<ArchivedCollection, "namespace" | "database" | "collection"> {
  return { namespace: `${database}.${collection}`, database, collection };
}
