import { holdingLinks } from "@firebreak/items";
import { nameOf, type Entry } from "../output.ts";
import type { MadeChain } from "./made-chain.ts";

/** A table or collection in one link. */
export interface LinkEntry<E> {
  readonly folder: string;
  readonly entry: E;
}

/**
 * Returns the links that hold the items of a table or collection: from the last one that has it whole or
 * drops it.
 */
export function earlierLinks<E extends Entry, M>(
  { links }: Pick<MadeChain<M>, "links">,
  entriesOf: (manifest: M) => readonly E[],
  target: E,
): readonly LinkEntry<E>[] {
  const all = links.flatMap(({ folder, manifest }) =>
    entriesOf(manifest)
      .filter((e) => nameOf(e) === nameOf(target) && e.database === target.database)
      .map((entry) => ({ folder, entry })),
  );
  return holdingLinks(all, ({ entry }) => entry.change);
}
