import { readFile } from "node:fs/promises";
import { diskFault, readLines, type PartEntry } from "@firebreak/archive";
import type { Keys } from "../keys.ts";
import type {
  ProfileLookup,
  ProfileNamespace,
  ProfilePlan,
  ProfileSettlement,
  ProfileTwin,
} from "../profile.ts";
import { KeyLookup } from "./key-lookup.ts";
import type { KeyRun } from "./key-run.ts";
import { profileWorker } from "./profile-worker.ts";

/** The task for a part whose keys other lines may have too. */
export interface FindTwinsTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly keys: Keys;
  readonly module: string;
  readonly data: unknown;
  readonly namespace: ProfileNamespace;
  readonly to: "mysql" | "mongodb";
  /** The part's own run of keys. */
  readonly run: KeyRun;
  readonly lookups: ReadonlyMap<string, readonly KeyRun[]>;
  /** The keys that occur more than once in the group. */
  readonly repeated: ReadonlySet<bigint>;
}

export interface FoundTwin extends ProfileTwin {
  /** The line, counted from 1. */
  readonly line: number;
}

/** Returns the lines of a part whose key another line may have. */
export async function findTwins(task: FindTwinsTask): Promise<FoundTwin[]> {
  const { repeated, run, namespace, data } = task;
  if (!(await hasAny(run, repeated))) return [];
  const worker = await profileWorker(task.module);
  const lookup = lookupIn(task.lookups);
  const mapper =
    task.to === "mysql"
      ? worker.rowMapper(data, namespace, lookup)
      : worker.documentMapper(data, namespace, lookup);
  const found: FoundTwin[] = [];
  await readLines(
    task.sourceFile,
    task.part,
    task.keys,
    (read) => {
      const key = mapper.keyOf(read);
      if (key === undefined || !repeated.has(BigInt.asUintN(64, key))) return;
      const mapped = mapper.map(read);
      if (mapped.kind !== "skipped" && mapped.twin !== undefined)
        found.push({ ...mapped.twin, line: read.number });
    },
    () => undefined,
  );
  return found;
}

/** Returns the lookup that a mapper uses to find the values of other lines. */
export function lookupIn(runs: ReadonlyMap<string, readonly KeyRun[]>): ProfileLookup {
  const lookups = new Map([...runs].map(([group, ofGroup]) => [group, new KeyLookup(ofGroup)]));
  return {
    has: (group, key) => lookups.get(group)?.has(key) ?? false,
    find: (group, key) => lookups.get(group)?.find(key) ?? [],
  };
}

async function hasAny({ keysFile }: KeyRun, repeated: ReadonlySet<bigint>): Promise<boolean> {
  const bytes = await readFile(keysFile).catch((error: unknown) => {
    throw diskFault(error, keysFile);
  });
  const keys = new BigUint64Array(new Uint8Array(bytes).buffer);
  return keys.some((key) => repeated.has(key));
}

/** The outcome for a line that shares its key. Lines that stay have no entry. */
export type TwinFate = Exclude<ProfileSettlement, { kind: "collapsed" }> | { readonly kind: "collapsed" };

/** Settles the lines of a group that share a key. Returns, for each part, the lines that do not stay. */
export function settleTwins(
  parts: readonly (readonly FoundTwin[])[],
  settle: ProfilePlan["settle"],
): Map<number, TwinFate>[] {
  const placed = parts.flatMap((twins, part) => twins.map((twin) => ({ ...twin, part })));
  const fates = parts.map(() => new Map<number, TwinFate>());
  for (const twins of Map.groupBy(placed, ({ key }) => key).values()) {
    if (twins.length < 2) continue;
    const settled = settle(twins);
    for (const [i, { part, line }] of twins.entries())
      if (settled.kind === "quarantine") fates[part]!.set(line, settled);
      else if (i !== settled.kept) fates[part]!.set(line, { kind: "collapsed" });
  }
  return fates;
}
