import {
  chainNamespaces,
  linesAccount,
  type Account,
  type ChainLink,
  type MongodbManifest,
  type PlainDigest,
} from "@firebreak/archive";
import type { LinkLines } from "@firebreak/mongodb";

/** A collection as the archive has it, and where it should be in the target. */
export interface ArchivedCollection {
  /** What each link of the chain has of it, the oldest first; of what transform made of a delta, of that link alone. */
  readonly lines: readonly LinkLines[];
  readonly lineCount: number;
  /** Of a delta that was transformed: the digest of all its documents when the delta is in. */
  readonly digest?: PlainDigest;
  /** Its name at the source, which reports call it by. */
  readonly source: string;
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  /** Where the archive says it is, which the target's URL may say otherwise. */
  readonly made?: { readonly database: string; readonly collection: string };
  readonly account: Account;
}

/** Those of an archive of MongoDB, by all links of its chain; views have no documents. */
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

/** Those that transform made of an archive; of a delta with those that it leaves as they are. */
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
