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

/** A part in which keys may stand that other lines have too. */
export interface FindTwinsTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly keys: Keys;
  readonly module: string;
  readonly data: unknown;
  readonly namespace: ProfileNamespace;
  readonly to: "mysql" | "mongodb";
  /** The part's own. */
  readonly run: KeyRun;
  readonly lookups: ReadonlyMap<string, readonly KeyRun[]>;
  /** Keys that occur more than once in the group. */
  readonly repeated: ReadonlySet<bigint>;
}

export interface FoundTwin extends ProfileTwin {
  /** Counted from 1. */
  readonly line: number;
}

/** The lines of a part whose key another line may have. */
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

/** What a mapper asks for what other lines left. */
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

/** What becomes of a line that is not alone with its key; lines that stay are not named. */
export type TwinFate = Exclude<ProfileSettlement, { kind: "collapsed" }> | { readonly kind: "collapsed" };

/** Settles twins of all parts of a group; for each part the lines that do not stay. */
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
