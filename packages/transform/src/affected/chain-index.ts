import type { LineIndex } from "@firebreak/archive";
import type { MadeChain } from "../delta/made-chain.ts";
import type { FolderTask } from "../folder-task.ts";
import { coveringIndexes, openIndex, type FoundIndex, type OpenIndex } from "../line-index/open-index.ts";
import type { TransformEvent } from "../transform-notes.ts";
import type { IndexedManifest } from "./affected-targets.ts";
import type { ChainState } from "./chain-state.ts";
import { makeIndex } from "./make-index.ts";

/** The index of a chain, and the part of it that no earlier link has. */
export interface ChainIndex extends OpenIndex {
  readonly made: LineIndex | undefined;
}

/**
 * Opens the index of the links before a delta. If one of them has none or lacks a part, it makes the index
 * anew.
 *
 * @returns undefined if a group has no survey.
 */
export async function* chainIndex(
  { pass }: FolderTask,
  { archives, links }: MadeChain<IndexedManifest>,
  state: ChainState,
): AsyncGenerator<TransformEvent, ChainIndex | undefined> {
  const listings = state.beginning.groups.flatMap((g) => g.namespaces.map((n) => state.listings.get(n)!));
  const open = (found: readonly FoundIndex[]): Promise<OpenIndex | undefined> =>
    openIndex(
      found,
      listings,
      (folder) => archives.findIndex((a) => a.folder === folder),
      pass.keys.identities,
    );
  const found = coveringIndexes(links.map(({ folder, manifest }) => ({ folder, index: manifest.lineIndex })));
  const opened = found === undefined ? undefined : await open(found);
  if (opened !== undefined) return { ...opened, made: undefined };
  yield { kind: "note", code: "line-index-made", fields: { archive: archives.at(-1)!.folder } };
  const made = yield* makeIndex(pass, archives.slice(0, -1), state);
  if (made === undefined) return undefined;
  const whole = await open([{ folder: pass.folder, index: made }]);
  return whole === undefined ? undefined : { ...whole, made };
}
