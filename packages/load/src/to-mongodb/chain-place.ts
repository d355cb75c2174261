import type { ReadManifest, SourceManifest } from "@firebreak/archive";
import type { LedgerChain, LoadLedger } from "@firebreak/mongodb";

/** The place of an archive in its chain. Archives are named by the SHA-256 of their manifests. */
export interface ChainPlace {
  readonly archive: string;
  /** The full archive at the start of the chain; a full archive names itself. */
  readonly chain: string;
  /** 0 for the full archive. */
  readonly number: number;
  /** The link before; undefined for the full archive. */
  readonly base: string | undefined;
}

/** The decision about an archive, from what a database's ledger says of its chain. */
export type ChainVerdict =
  /** It is the next link. */
  | { readonly what: "next" }
  /** It was begun, and cut off. */
  | { readonly what: "again" }
  /** It is in; `number` is that of the chain's last link in the target. */
  | { readonly what: "in"; readonly number: number }
  | { readonly what: "refused"; readonly why: ChainProblem };

/** The reason why an archive is not the next link for a target. */
export type ChainProblem =
  /** No chain is in, or the full archive is not loaded to its end, or is not equal. */
  | { readonly what: "base-missing" }
  /** The target has other archives. */
  | { readonly what: "other-chain" }
  /** Deltas between the last one in the target and this one are missing. */
  | { readonly what: "link-missing"; readonly last: number }
  /** The chains fork: the target's link of this number does not belong to this archive's chain. */
  | {
      readonly what: "forked";
      readonly number: number;
      readonly expected: string;
      readonly found: string;
    }
  /** A delta was begun, and must be completed first. */
  | { readonly what: "unfinished"; readonly begun: number };

export function chainPlace({
  manifest: { delta },
  sha256,
}: Pick<ReadManifest<SourceManifest>, "manifest" | "sha256">): ChainPlace {
  return delta === undefined
    ? { archive: sha256, chain: sha256, number: 0, base: undefined }
    : { archive: sha256, chain: delta.chainSha256, number: delta.number, base: delta.baseSha256 };
}

/**
 * Decides what to do with an archive. Pure.
 *
 * @param entry the ledger's entry of the chain.
 * @param loads the ledger of loads in the same database.
 */
export function chainVerdict(
  place: ChainPlace,
  entry: LedgerChain | undefined,
  { collections }: Pick<LoadLedger, "collections">,
): ChainVerdict {
  const heads = [...collections.values()];
  const hasOwn = heads.some((head) => head.chain === place.chain);
  if (place.base === undefined) {
    // If someone has dropped all of it and deleted it from the ledger, the load starts from nothing.
    if (entry === undefined || !hasOwn || (entry.links.length === 1 && entry.begun === undefined))
      return { what: "next" };
    return entry.begun === undefined
      ? { what: "in", number: entry.links.length - 1 }
      : { what: "refused", why: { what: "unfinished", begun: entry.begun.number } };
  }
  if (entry === undefined) {
    const what = !hasOwn && heads.length > 0 ? "other-chain" : "base-missing";
    return { what: "refused", why: { what } };
  }
  const last = entry.links.length - 1;
  if (entry.links.includes(place.archive)) return { what: "in", number: last };
  if (entry.begun?.archive === place.archive) return { what: "again" };
  if (entry.begun !== undefined)
    return { what: "refused", why: { what: "unfinished", begun: entry.begun.number } };
  if (entry.links.at(-1) === place.base) return { what: "next" };
  if (place.number - 1 > last) return { what: "refused", why: { what: "link-missing", last } };
  const [number, expected] = place.number > last ? [last, place.base] : [place.number, place.archive];
  return { what: "refused", why: { what: "forked", number, expected, found: entry.links[number]! } };
}
