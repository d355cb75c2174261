import type { MysqlNamespace, NotCarried, PartEntry, SourceNamespace } from "@firebreak/archive";
import type { FolderTask } from "../folder-task.ts";
import type { LineDecision } from "../lines/line-mapper.ts";
import { lineCountOf, withLines, writeKeyParts, writeNamespace, type Pass } from "../lines/passes.ts";
import type { KeysTask } from "../lines/write-keys.ts";
import type { WrittenPart } from "../lines/write-part.ts";
import {
  finishFolder,
  nameOf,
  useOf,
  writeTargets,
  type Entry,
  type Made,
  type Output,
  type PlannedTarget,
} from "../output.ts";
import { type TransformEvent, REASONS_OF_TABLE, type SetAsideDocuments } from "../transform-notes.ts";
import { earlierLinks, type LinkEntry } from "./made-chain.ts";
import { placeInChain, type MadeChain } from "./made-chain.ts";

/** The targets of a delta. */
export interface DeltaTargets<T> {
  readonly planned: readonly T[];
  /** The folders of the targets that the delta does not name. */
  readonly directories: readonly string[];
}

/** The plan by which a delta changes a target of its chain. */
export interface PlannedChange<E> extends Pick<KeysTask, "mapping"> {
  /** For each part, the decisions about lines whose key an earlier line of the delta has. */
  readonly decisions?: readonly ReadonlyMap<number, LineDecision>[];
  /** The key columns, if the source has tables. */
  readonly keyColumns?: readonly string[];
  readonly notCarried: readonly NotCarried[];
  /** Returns the target's entry after the delta, given what the delta brings. */
  entry(pass: Pass, changes: Changes<E>): AsyncGenerator<TransformEvent, E>;
}

/** A target before a delta. */
interface EarlierTarget<E> {
  readonly earlier: E;
  readonly links: readonly LinkEntry<E>[];
  /** The key lines of the delta whose items are deleted. */
  readonly removed: readonly PartEntry[];
}

/** The parts that a delta has for a changed target. */
export interface Changes<E> {
  /** The links that have the target's earlier items. */
  readonly links: readonly LinkEntry<E>[];
  readonly written: readonly WrittenPart[];
  readonly keys: PartEntry[];
}

/** The steps of a delta that differ between the kinds of output. */
export interface DeltaOutput<
  E extends Entry,
  M,
  T extends PlannedTarget<E> = PlannedTarget<E>,
> extends Output<E> {
  entriesOf(manifest: M): readonly E[];
  /** Plans the targets of a delta's namespaces. Existing targets keep their names. */
  planDelta(
    task: FolderTask,
    namespaces: readonly SourceNamespace[],
    known: readonly E[],
  ): Promise<DeltaTargets<T>>;
  /** The number of times that a changed namespace's lines are read. */
  readonly changeReadings: number;
  planChange(
    task: FolderTask,
    pass: Pass,
    target: T,
    earlier: E,
  ): AsyncGenerator<TransformEvent, PlannedChange<E>>;
  /** Returns the entry of a target that the delta does not change. @param from the folder of the link before. */
  carry(pass: FolderTask["pass"], from: string, entry: E, directory: string): Promise<E>;
  /** Returns the entry of a target that the delta drops. */
  dropped(entry: E): E;
  /** Returns the entries in the manifest's order. */
  inOrder(entries: readonly E[], known: readonly E[]): E[];
}

/**
 * Makes of a delta the changes for a target that has the links before it: for each changed table or
 * collection, the keys whose items are deleted, and the items that are inserted. A target that is whole is
 * planned as in a full archive. Each target's digest covers all its items afterwards: the digest before, minus
 * the items that earlier links have for those keys, plus the new items.
 *
 * @throws {FirebreakError} `delta-unplanned`, or a fault of archive.
 */
export async function* writeDelta<E extends Entry, M, T extends PlannedTarget<E>>(
  task: FolderTask,
  output: DeltaOutput<E, M, T>,
  chain: MadeChain<M>,
  options: { readonly keepsExpired: boolean },
): AsyncGenerator<TransformEvent> {
  const known = output.entriesOf(chain.links.at(-1)!.manifest);
  const { namespaces } = task.source.manifest;
  const { entries, uses } = yield* writeChanges(task, output, chain, { ...options, known, namespaces });
  yield* finishFolder(task, output, {
    delta: placeInChain(task, chain),
    profile: "generic",
    namespaces: uses,
    entries,
  });
}

/** The part of a delta that the generic mapping takes. */
export interface GenericChanges<E> {
  readonly keepsExpired: boolean;
  /** The targets of the link before. */
  readonly known: readonly E[];
  /** Namespaces as the delta lists them. */
  readonly namespaces: readonly SourceNamespace[];
}

/** Writes the changes of namespaces by the generic mapping. Returns the entries of all targets. */
export async function* writeChanges<E extends Entry, M, T extends PlannedTarget<E>>(
  task: FolderTask,
  output: DeltaOutput<E, M, T>,
  chain: MadeChain<M>,
  { keepsExpired, known: listed, namespaces: all }: GenericChanges<E>,
): AsyncGenerator<TransformEvent, { entries: E[]; uses: MysqlNamespace[] }> {
  const { folder } = chain.links.at(-1)!;
  const known = listed.filter((e) => e.change !== "dropped");
  const namespaces = all.filter((n) => n.kind !== "view" && n.change !== "dropped");
  const { planned, directories } = await output.planDelta(task, namespaces, known);
  const made: Made<E>[] = [];
  for (const target of planned) {
    const { ns } = target;
    const earlier = known.find((e) => e.namespace === ns.namespace);
    if (ns.change === "changed" && earlier !== undefined) {
      const links = earlierLinks(chain, (m: M) => output.entriesOf(m), earlier);
      const removed = [...(ns.deletes ?? []), ...(keepsExpired ? [] : (ns.expired ?? []))];
      made.push(yield* writeChange(task, output, target, { earlier, links, removed }));
      continue;
    }
    const { entries, uses } = yield* writeTargets(task.pass, [target]);
    made.push({ entry: { ...entries[0]!, change: "whole" }, use: uses[0]! });
  }
  const others = known.filter((e) => !namespaces.some((n) => n.namespace === e.namespace));
  const carried: E[] = [];
  for (const [i, other] of others.entries()) {
    const entry = await output.carry(task.pass, folder, other, directories[i]!);
    const isDropped = all.some((n) => n.change === "dropped" && n.namespace === other.namespace);
    carried.push(isDropped ? output.dropped(entry) : entry);
  }
  return {
    entries: output.inOrder([...made.map(({ entry }) => entry), ...carried], known),
    uses: made.map(({ use }) => use),
  };
}

async function* writeChange<E extends Entry, M, T extends PlannedTarget<E>>(
  task: FolderTask,
  output: DeltaOutput<E, M, T>,
  target: T,
  { earlier, links, removed }: EarlierTarget<E>,
): AsyncGenerator<TransformEvent, Made<E>> {
  const { ns, directory } = target;
  const earlierParts = links.flatMap((l) => l.entry.parts);
  const pass = withLines(
    task.pass,
    output.changeReadings * lineCountOf(ns.parts) + lineCountOf([...removed, ...earlierParts]),
  );
  const change = yield* output.planChange(task, pass, target, earlier);
  const written = yield* writeNamespace(pass, ns, { ...change, directory });
  yield* setAsideNote({ namespace: ns.namespace, table: nameOf(earlier) }, written);
  const keys = yield* writeKeyParts(pass, [...ns.parts, ...removed], { ...change, directory });
  const entry = yield* change.entry(pass, { links, written, keys });
  return { entry, use: useOf(ns, written, change.notCarried) };
}

/** Reports the number of documents that do not fit a table, by reason. Reports nothing if all fit. */
export function* setAsideNote(
  { namespace, table }: Pick<SetAsideDocuments, "namespace" | "table">,
  written: readonly WrittenPart[],
): Generator<TransformEvent> {
  const counts = written.flatMap((w) => Object.entries(w.reasons));
  const reasons = REASONS_OF_TABLE.map((reason) => ({
    reason,
    // A count is of one reason and field.
    count: counts.reduce((sum, [name, count]) => sum + (name.split(" ")[0] === reason ? count : 0), 0),
  })).filter(({ count }) => count > 0);
  if (reasons.length > 0)
    yield { kind: "note", code: "delta-set-aside", fields: { namespace, table, reasons } };
}
