import {
  accountEvent,
  linesAccount,
  type Account,
  type Encryption,
  type LineIndex,
  type MongodbCollection,
  type MysqlManifest,
  type MysqlNamespace,
  type MysqlTable,
  type NotCarried,
  type SourceNamespace,
  type TablePart,
  type DatabaseKind,
} from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST, type PlainDigest } from "@firebreak/items";
import type { FolderTask } from "./folder-task.ts";
import { lineCountOf, withLines, type Pass } from "./lines/passes.ts";
import type { WrittenItems } from "./lines/item-sink.ts";
import type { Mapping } from "./lines/mapping.ts";
import type { UsedLines } from "./lines/line-uses.ts";
import { databasesNotCarried } from "./not-carried.ts";
import type { TransformEvent } from "./transform-notes.ts";

/** The entry of a table or a collection in the manifest of the folder that transform writes. */
export type Entry = MysqlTable | MongodbCollection;

/** Returns the name of a table or collection. */
export function nameOf(entry: Entry): string {
  return "table" in entry ? entry.table : entry.collection;
}

/** A namespace's table or collection, and how its lines were used. */
export interface Made<E> {
  readonly entry: E;
  readonly use: MysqlNamespace;
}

/** The plan by which a namespace becomes a table or a collection. */
export interface PlannedTarget<E> {
  readonly ns: SourceNamespace;
  /** The folder of its parts, relative to the folder that transform writes. */
  readonly directory: string;
  /** The number of times that its lines are read. */
  readonly readings: number;
  write(pass: Pass): AsyncGenerator<TransformEvent, Made<E>>;
}

/** The manifest's facts that do not depend on the kind of output. */
export interface FolderFacts<E> extends Pick<
  MysqlManifest,
  "sourceManifestSha256" | "delta" | "profile" | "profileFacts" | "target" | "namespaces" | "databases"
> {
  readonly entries: readonly E[];
  readonly startedAt: string;
  readonly version: string;
  readonly encryption: Encryption | undefined;
  readonly lineIndex?: LineIndex | undefined;
  /** The statement with which `load.sh` asks if an application has prepared a database. */
  readonly ownTablesCheck?: string | undefined;
}

/** One of the two kinds of output: tables of rows for MySQL, or collections of documents for MongoDB. */
export interface Output<E extends Entry> {
  readonly to: DatabaseKind;
  readonly items: Mapping["to"];
  /** True if one reading of a full archive's lines is enough, so that the number of lines to read is known. */
  readonly isReadOnce: boolean;
  /** Plans the targets of namespaces by the generic mapping. */
  plan(task: FolderTask, namespaces: readonly SourceNamespace[]): Promise<PlannedTarget<E>[]>;
  /** Writes everything that the folder has besides its parts, and last the manifest. */
  complete(folder: string, facts: FolderFacts<E>): Promise<void>;
  /** Returns the part of a namespace's account that names its targets. */
  targetAccount(use: MysqlNamespace, entries: readonly E[]): Partial<Account>;
}

/** Maps all namespaces of a full archive by the generic mapping. */
export async function* writeFull<E extends Entry>(
  task: FolderTask,
  output: Output<E>,
): AsyncGenerator<TransformEvent> {
  const namespaces = task.source.manifest.namespaces.filter((n) => n.kind !== "view");
  const planned = await output.plan(task, namespaces);
  const pass = output.isReadOnce ? ({ ...task.pass, totalIs: "known" } as const) : task.pass;
  const { entries, uses } = yield* writeTargets(pass, planned);
  yield* finishFolder(task, output, { profile: "generic", entries, namespaces: uses });
}

/** Writes planned targets, one after the other. */
export async function* writeTargets<E>(
  shared: FolderTask["pass"],
  planned: readonly PlannedTarget<E>[],
): AsyncGenerator<TransformEvent, { entries: E[]; uses: MysqlNamespace[] }> {
  const lineCount = planned.reduce((sum, { ns, readings }) => sum + ns.lineCount * readings, 0);
  const pass = withLines(shared, lineCount);
  const made: Made<E>[] = [];
  for (const target of planned) made.push(yield* target.write(pass));
  return { entries: made.map(({ entry }) => entry), uses: made.map(({ use }) => use) };
}

/** The facts of a finished folder that the task does not know. */
type Finished<E> = Pick<
  FolderFacts<E>,
  "delta" | "profile" | "profileFacts" | "target" | "ownTablesCheck" | "entries" | "namespaces" | "lineIndex"
> & { readonly staying?: readonly SourceNamespace[] };

/** Completes the folder, and reports how the lines were used. */
export async function* finishFolder<E extends Entry>(
  { source, pass, startedAt, version, ...task }: FolderTask,
  output: Output<E>,
  { staying, delta, profile, profileFacts, target, namespaces, entries, ...facts }: Finished<E>,
): AsyncGenerator<TransformEvent> {
  const databases = await databasesNotCarried({ source, pass, ...task }, output.to, staying);
  await output.complete(pass.folder, {
    sourceManifestSha256: source.sha256,
    ...(delta === undefined ? {} : { delta }),
    profile,
    ...(profileFacts === undefined ? {} : { profileFacts }),
    ...(target === undefined ? {} : { target }),
    ...facts,
    namespaces,
    entries,
    databases,
    startedAt,
    version,
    encryption: source.encryption,
  });
  if (profileFacts !== undefined)
    yield { kind: "note", code: "profile-report", fields: { profile, ...profileFacts } };
  yield accountEvent(
    namespaces.map((use) => ({ ...linesAccount(use), ...output.targetAccount(use, entries) })),
    { databases },
  );
}

/** Returns the manifest entry that says how a namespace's lines were used. */
export function useOf(
  { namespace, lineCount }: Pick<SourceNamespace, "namespace" | "lineCount">,
  written: readonly UsedLines[],
  notCarried: readonly NotCarried[],
  hasLists = false,
): MysqlNamespace {
  const sum = (count: (w: UsedLines) => number): number => written.reduce((a, w) => a + count(w), 0);
  const quarantine = written.flatMap((w) => w.quarantine ?? []);
  return {
    namespace,
    lineCount,
    mappedCount: sum((w) => w.mappedCount),
    quarantinedCount: lineCountOf(quarantine),
    skippedCount: sum((w) => w.skippedCount),
    collapsedCount: sum((w) => w.collapsedCount),
    quarantine,
    ...(hasLists ? { listed: written.flatMap((w) => w.listed ?? []) } : {}),
    notCarried: [...notCarried],
  };
}

/** The facts of a target's written items. */
export interface ItemFacts {
  readonly digest: PlainDigest;
  readonly largestValueBytes: number;
  readonly largestItemBytes: number;
  readonly parts: TablePart[];
}

/** Returns the facts of the items of one target. */
export function itemFacts(items: readonly WrittenItems[]): ItemFacts {
  const parts = items.map(({ part }) => part);
  return {
    digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
    largestValueBytes: Math.max(0, ...items.map((i) => i.largestValueBytes)),
    largestItemBytes: Math.max(0, ...items.map((i) => i.largestItemBytes)),
    parts,
  };
}

/** Returns folder names that reveal nothing. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i).padStart(5, "0"));
}
