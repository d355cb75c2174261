import type { ReadManifest, SourceManifest } from "@firebreak/archive";
import type { LedgerChain, LoadLedger } from "@firebreak/mongodb";

/** Where an archive stands in its chain; archives by the SHA-256 of their manifests. */
export interface ChainPlace {
  readonly archive: string;
  /** The full archive that the chain begins with: of a full one itself. */
  readonly chain: string;
  /** 0 for the full archive. */
  readonly number: number;
  /** The link before; undefined for the full archive. */
  readonly base: string | undefined;
}

/** What is to be done with an archive, by what the ledger of a database says of its chain. */
export type ChainVerdict =
  /** It is the next. */
  | { readonly what: "next" }
  /** It was begun, and cut off. */
  | { readonly what: "again" }
  /** It is in; `number` is that of the chain's last link that is. */
  | { readonly what: "in"; readonly number: number }
  | { readonly what: "refused"; readonly why: ChainProblem };

/** Why an archive is not the next for a target. */
export type ChainProblem =
  /** Nothing of any chain is there, or the full archive is not loaded to its end, or not equal. */
  | { readonly what: "base-missing" }
  /** What is there is of other archives. */
  | { readonly what: "other-chain" }
  /** Deltas between the last that is in and this one are not. */
  | { readonly what: "link-missing"; readonly last: number }
  /** The chain goes on otherwise there: the link of this number is not the one that belongs to this archive. */
  | {
      readonly what: "forked";
      readonly number: number;
      readonly expected: string;
      readonly found: string;
    }
  /** A delta was begun, and is to be ended first. */
  | { readonly what: "unfinished"; readonly begun: number };

export function chainPlace({
  manifest: { delta },
  sha256,
}: Pick<ReadManifest<SourceManifest>, "manifest" | "sha256">): ChainPlace {
  return delta === undefined
    ? { archive: sha256, chain: sha256, number: 0, base: undefined }
    : { archive: sha256, chain: delta.chainSha256, number: delta.number, base: delta.baseSha256 };
}

/** Pure. @param entry what the ledger has of the chain. @param loads of the same database. */
export function chainVerdict(
  place: ChainPlace,
  entry: LedgerChain | undefined,
  { collections }: Pick<LoadLedger, "collections">,
): ChainVerdict {
  const heads = [...collections.values()];
  const hasOwn = heads.some((head) => head.chain === place.chain);
  if (place.base === undefined) {
    // Whoever has dropped all of it and forgotten it in the ledger begins anew.
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
