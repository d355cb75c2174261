import {
  countDocuments,
  expires,
  LEDGER,
  listPlaces,
  missingActions,
  readLedger,
  readLoadLedger,
  targetFacts,
  unlikeDefinition,
  type Ledger,
  type LoadLedger,
  type MongodbSource,
  type Namespace,
  type NeededActions,
  type TargetFacts,
} from "@firebreak/mongodb";
import { countsOf, type CollectionWork, type PlannedCollection } from "./collection-plan.ts";
import { diskFindings } from "./disk.ts";
import type { MongodbFinding, MongodbNote } from "./findings.ts";
import { ledgerFindings } from "./ledger-findings.ts";
import { nameFindings } from "./names.ts";

/** The oldest that has the command `hello`, names of 255 bytes and `$$NOW`. */
const OLDEST = [4, 4] as const;

/** What a load does to collections that it makes itself: all of it is in the role readWrite. */
const ON_COLLECTIONS = [
  "collStats",
  "createCollection",
  "createIndex",
  "find",
  "insert",
  "listIndexes",
  "update",
] as const;
const ON_LEDGER = ["dropCollection", "find", "insert", "remove", "update"] as const;

/** Those of them without which nothing can be known of what is there. */
const LOOKING = ["collStats", "find", "listIndexes"] as const;

/** A target as it is before anything is written. */
export interface TargetState {
  readonly facts: TargetFacts;
  readonly work: readonly CollectionWork[];
  readonly findings: readonly MongodbFinding[];
  readonly notes: readonly MongodbNote[];
}

/**
 * Looks at the target without writing anything: what is in the way, what an
 * earlier load of the same archive left, and so what is to be done. All findings at once.
 *
 * @throws {FirebreakError} of mongodb.
 */
export async function inspectTarget(
  target: MongodbSource,
  planned: readonly PlannedCollection[],
): Promise<TargetState> {
  const databases = [...new Set(planned.map((p) => p.database))];
  const facts = await targetFacts(target, databases[0] ?? "admin");
  const findings: MongodbFinding[] = [...serverFindings(facts)];
  const unfit = nameFindings(planned, facts.databases ?? []);
  // A server that is asked for such a name ends the talk with an error.
  if (unfit.length > 0) return { facts, work: [], findings: [...findings, ...unfit], notes: [] };
  const missing = await missingActions(target, neededActions(planned));
  for (const [database, actions] of missing)
    findings.push({ what: "privileges", database, missing: [...actions].sort() });
  const isBlind = [...missing.values()].some((actions) => LOOKING.some((action) => actions.has(action)));
  if (isBlind) return { facts, work: [], findings, notes: [] };
  const work: CollectionWork[] = [];
  const existing = await listPlaces(target, planned);
  for (const database of databases) {
    const loads = await readLoadLedger(target, database);
    const restores = await readLedger(target, database);
    for (const collection of planned.filter((p) => p.database === database)) {
      const found = existing.get(collection.namespace);
      const one = workOf(collection, found, loads);
      work.push(one);
      findings.push(...(await collectionFindings(target, one, found, loads, restores)));
    }
  }
  const disk = diskFindings(work, facts.freeBytes);
  return { facts, work, findings: [...findings, ...disk.findings], notes: disk.notes };
}

function serverFindings({ version, isWritable }: TargetFacts): MongodbFinding[] {
  const findings: MongodbFinding[] = [];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    findings.push({ what: "server-old", version });
  if (!isWritable) findings.push({ what: "not-primary" });
  return findings;
}

function neededActions(planned: readonly PlannedCollection[]): NeededActions[] {
  const ledgers = [...new Set(planned.map((p) => p.database))];
  return [
    ...planned.map((p): NeededActions => ({
      database: p.database,
      storedIn: p.collection,
      actions: expires(p) ? [...ON_COLLECTIONS, "collMod"] : ON_COLLECTIONS,
    })),
    ...ledgers.map((database) => ({ database, storedIn: LEDGER, actions: ON_LEDGER })),
  ];
}

function workOf(
  planned: PlannedCollection,
  found: Namespace | undefined,
  ledger: LoadLedger,
): CollectionWork {
  const known = new Map(
    ledger.parts.filter((p) => p.collection === planned.collection).map((p) => [p.file, p]),
  );
  const { parts } = planned.source;
  return {
    planned,
    exists: found !== undefined,
    state: ledger.collections.get(planned.collection)?.state,
    done: parts.flatMap((part) => {
      const entry = known.get(part.file);
      return entry === undefined ? [] : [{ part, ledger: entry }];
    }),
    todo: parts.filter((p) => !known.has(p.file)),
  };
}

async function collectionFindings(
  target: MongodbSource,
  work: CollectionWork,
  found: Namespace | undefined,
  loads: LoadLedger,
  restores: Ledger,
): Promise<MongodbFinding[]> {
  const { planned, state } = work;
  const { namespace, collection } = planned;
  if (restores.states.has(collection)) return [{ what: "restore-unfinished", namespace }];
  const wrong = ledgerFindings(planned, loads);
  if (wrong !== undefined) return [wrong];
  if (found?.kind === "view" || found?.kind === "timeseries")
    return [differs(namespace, "kind", planned.kind, found.kind)];
  const documentCount =
    found === undefined ? 0 : await countDocuments(target, planned, countsOf(work.done).digest.rowCount);
  if (state === undefined && documentCount > 0) return [{ what: "collection-taken", namespace }];
  const counts = state === undefined ? [] : countFindings(work, documentCount);
  return [...counts, ...(found === undefined ? [] : likenessFindings(planned, found))];
}

/** Of a collection that is half loaded nobody knows how much of its other parts is in. */
function countFindings({ planned, done, todo }: CollectionWork, found: number): MongodbFinding[] {
  const { rowCount } = countsOf(done).digest;
  // Of these too: a replay that was cut off may have put some in.
  const replayed = done.flatMap(({ ledger }) =>
    ledger.isReplaying === true ? (ledger.quarantine ?? []) : [],
  );
  const most = [...todo, ...replayed].reduce((sum, part) => sum + part.lineCount, rowCount);
  const isSound = found <= most && (found >= rowCount || expires(planned));
  return isSound ? [] : [{ what: "ledger-documents", namespace: planned.namespace, ledger: rowCount, found }];
}

function likenessFindings(planned: PlannedCollection, found: Namespace): MongodbFinding[] {
  const { namespace } = planned;
  return unlikeDefinition(planned, found).flatMap((unlike): MongodbFinding[] => {
    switch (unlike.what) {
      case "kind":
      case "options":
      case "index":
        return [differs(namespace, unlike.what, unlike.expected, unlike.found)];
      case "index-extra":
        if (unlike.found.includes('"unique":true'))
          return [{ what: "unique-index", namespace, index: unlike.name }];
        return unlike.found.includes('"expireAfterSeconds"')
          ? [{ what: "expiring-index", namespace, index: unlike.name }]
          : [];
      // Load builds it.
      case "index-missing":
        return [];
    }
  });
}

function differs(
  namespace: string,
  what: "kind" | "options" | "index",
  expected: string,
  found: string,
): MongodbFinding {
  return { what: "collection-differs", namespace, differs: what, expected, found };
}
