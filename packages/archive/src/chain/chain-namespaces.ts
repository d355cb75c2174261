import type { SourceNamespace } from "../manifest/source-manifest.ts";
import type { ChainLink } from "./open-chain.ts";

/** A namespace as one link of a chain lists it. */
export interface ChainListing {
  readonly folder: string;
  readonly entry: SourceNamespace;
}

/** A namespace that a chain has at its end. */
export interface ChainNamespace {
  /** From the link that has it whole on, in the order of the chain; never none. */
  readonly listings: readonly ChainListing[];
  /** The newest: its kind and its `collection.json` hold. */
  readonly last: ChainListing;
}

/** The namespaces that a chain has at its end, with where their lines are. */
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
