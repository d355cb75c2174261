import { join } from "node:path";
import {
  collectionFileText,
  eachPart,
  readCollectionFile,
  sourceDirectory,
  type SourceNamespace,
} from "@firebreak/archive";
import { DOCUMENT_KEY, hasIdOrder, type ChainNamespace, type SealedLines } from "@firebreak/items";
import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { ProgressCounters } from "@firebreak/workers";
import { changedNamespace, hasChanges, metadataText } from "../changed-namespace.ts";
import { eachStandingLine, scratchOf, type ChainReading, type ChainScratch } from "./chain-lines.ts";
import { ChainSide } from "./chain-side.ts";
import type { CollectionRange } from "./collection-range.ts";
import { DOCUMENT_LINES } from "./later-lines.ts";
import { ChangeWriter, type WrittenChanges } from "../change-writer.ts";
import { CollectionReader, ContentHash } from "./collection-reader.ts";
import { RUN_BYTES } from "../change-sorter.ts";
import { tellLaterGone, type ChangeTaker } from "./compare-lines.ts";
import type { DeltaTarget } from "../delta-source.ts";
import { keyGroups } from "./key-groups.ts";
import { dueOf, ttlIndexes } from "../stream/ttl-indexes.ts";

/** A collection to compare with its state in a chain, if the chain has it. */
export interface ComparedCollection {
  readonly ns: Namespace;
  readonly known: ChainNamespace | undefined;
  /** Distinguishes folders if names are hidden. */
  readonly index: number;
}

/** Compares ranges, in this thread or in others. */
export interface RangeComparer {
  readonly counters: Pick<ProgressCounters, "add" | "wait">;
  compare(range: CollectionRange): Promise<SealedLines>;
}

/**
 * Writes the changes of a collection since a chain. A collection that is read in the order of `_id` is
 * compared by key. Any other is written as a whole if its content differs.
 *
 * @returns the manifest's entry; undefined if the collection is unchanged.
 * @throws {FirebreakError} of mongodb or archive.
 */
export async function compareCollection(
  source: MongodbSource,
  { ns, known, index }: ComparedCollection,
  target: DeltaTarget,
  comparer: RangeComparer,
): Promise<SourceNamespace | undefined> {
  const text = collectionFileText(ns);
  const reader = await CollectionReader.open(source, ns, target, comparer.counters);
  const whole = async (): Promise<SourceNamespace> =>
    changedNamespace(target, ns, index, { change: "whole", text, parts: await reader.writeWhole(index) });
  if (known === undefined || known.last.entry.kind !== ns.kind) return whole();
  const isRedefined = (await metadataText(known.last, target)) !== text;
  if (ns.kind === "view") return isRedefined ? whole() : undefined;
  if (ns.kind === "collection" && ns.hasIdOrder && (await hadIdOrder(known, target))) {
    const changes = await writeChanges({ ns, index }, { known, reader, comparer }, target);
    if (hasChanges(changes))
      return changedNamespace(target, ns, index, { change: "changed", text, ...changes });
  } else if (!(await isSameContent(known, ns, reader, scratchOf(target, index, "keys")))) return whole();
  return isRedefined ? changedNamespace(target, ns, index, { change: "changed", text }) : undefined;
}

async function writeChanges(
  { ns, index }: Pick<ComparedCollection, "ns" | "index">,
  {
    known,
    reader,
    comparer,
  }: {
    readonly known: ChainNamespace;
    readonly reader: CollectionReader;
    readonly comparer: RangeComparer;
  },
  target: DeltaTarget,
): Promise<WrittenChanges> {
  const { archive, encryption, partBytes, giveUpAfterMs, identities, jobs } = target;
  const { scratch } = scratchOf(target, index, "changes");
  const writer = new ChangeWriter({
    archive,
    directory: sourceDirectory(encryption, ns, index),
    recipients: encryption?.recipients ?? [],
    partBytes,
    scratch,
  });
  try {
    const { folder, entry } = known.last;
    const indexes = ttlIndexes((await readCollectionFile(folder, entry, target.identities)).indexTexts);
    const nowSeconds = Date.now() / 1000;
    const side = await ChainSide.open(known, scratchOf(target, index, "keys"), DOCUMENT_LINES);
    try {
      const groups = await keyGroups(side.base, target, (r) => reader.isAscending(r));
      const compared = eachPart(groups, jobs, ({ range, parts }) =>
        comparer.compare({
          ns,
          target: { archive, encryption, partBytes, giveUpAfterMs },
          range,
          parts,
          later: side.shared,
          identities,
          indexes,
          nowSeconds,
          scratch: join(scratch, String(range.index)),
          runBytes: Math.ceil(RUN_BYTES / jobs),
        }),
      );
      for await (const outcome of compared) if (outcome.kind === "done") await writer.adopt(outcome.result);
      const isExpired: ChangeTaker["isExpired"] = (read) => dueOf(read, indexes) <= nowSeconds;
      await tellLaterGone(side, { writer, isExpired });
    } finally {
      await side.close();
    }
    return await writer.finish();
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** Returns true if the lines of the first link are in the order of `_id`. */
async function hadIdOrder({ listings }: ChainNamespace, { identities }: ChainReading): Promise<boolean> {
  const { folder, entry } = listings[0]!;
  return hasIdOrder("collection", await readCollectionFile(folder, entry, identities));
}

/** Capped collections have an order of their own, so their lines are compared one after the other. */
async function isSameContent(
  known: ChainNamespace,
  { kind }: Namespace,
  reader: CollectionReader,
  target: ChainScratch,
): Promise<boolean> {
  const before = new ContentHash();
  await eachStandingLine(known, target, DOCUMENT_KEY, ({ line }) => before.add(line));
  return before.equals(await reader.contentHash(), kind === "capped" && known.listings.length === 1);
}
