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
  const found = new Map<string, ChainNamespace>();
  for (const { folder, manifest } of chain)
    for (const entry of manifest.namespaces) {
      const { namespace, change } = entry;
      const last = { folder, entry };
      if (change === "dropped") found.delete(namespace);
      else {
        const before = change === "changed" ? (found.get(namespace)?.listings ?? []) : [];
        found.set(namespace, { listings: [...before, last], last });
      }
    }
  return found;
}
