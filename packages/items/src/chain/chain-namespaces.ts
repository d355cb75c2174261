import type { SourceNamespace } from "@firebreak/archive";
import type { ChainLink } from "./open-chain.ts";

/** A namespace as one link of a chain lists it. */
export interface ChainListing {
  readonly folder: string;
  readonly entry: SourceNamespace;
}

/** A namespace that exists at the end of a chain. */
export interface ChainNamespace {
  /** Its listings from the last link that has it whole, in the order of the chain; at least one. */
  readonly listings: readonly ChainListing[];
  /** The newest listing: its kind and its `collection.json` hold. */
  readonly last: ChainListing;
}

/** Returns the namespaces that exist at the end of a chain, with the links that hold their lines. */
export function chainNamespaces(chain: readonly ChainLink[]): Map<string, ChainNamespace> {
  const all = chain.flatMap(({ folder, manifest }) =>
    manifest.namespaces.map((entry): ChainListing => ({ folder, entry })),
  );
  const found = new Map<string, ChainNamespace>();
  for (const [namespace, listed] of Map.groupBy(all, ({ entry }) => entry.namespace)) {
    const listings = holdingLinks(listed, ({ entry }) => entry.change);
    const last = listings.at(-1);
    if (last !== undefined) found.set(namespace, { listings, last });
  }
  return found;
}

/**
 * Returns the links that hold the items of a table, collection or namespace: from the last one that has it
 * whole, and none if a later one drops it.
 *
 * @param links those that list it, in the order of the chain.
 * @param changeOf returns what a link does with it; undefined if it is unchanged or the link is a full one.
 */
export function holdingLinks<L>(
  links: readonly L[],
  changeOf: (link: L) => "whole" | "changed" | "dropped" | undefined,
): readonly L[] {
  const from = links.findLastIndex((link) => changeOf(link) === "whole" || changeOf(link) === "dropped");
  return links.slice(Math.max(0, from)).filter((link) => changeOf(link) !== "dropped");
}
