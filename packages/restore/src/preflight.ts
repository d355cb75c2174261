import { asObject } from "@firebreak/archive";
import {
  caseTwins,
  documentOf,
  expires,
  isSameOptions,
  listPlaces,
  LEDGER,
  listedDatabases,
  mapOf,
  missingActions,
  readLedger,
  unknownIndexes,
  type Ledger,
  type LedgerPart,
  type LedgerState,
  type MongodbSource,
  type Namespace,
  type NeededActions,
} from "@firebreak/mongodb";
import type { RestoreFinding } from "./restore-faults.ts";
import { allOf, type PlannedNamespace, type RestorePlan } from "./restore-plan.ts";

/** The identity of this run, which tells its own unfinished work from that of other restores. */
export interface RestoreIdentity {
  readonly manifestSha256: string;
  readonly settings: string;
}

/** A namespace of the plan, its state in the target, and the work to do on it. */
export interface PlannedWork {
  readonly planned: PlannedNamespace;
  /** True if a collection, empty or not, is in its place. */
  readonly exists: boolean;
  /** True if that collection is to be dropped first. */
  readonly isDropped: boolean;
  /** The state in the ledger. Undefined if this restore has not begun the namespace. */
  readonly state: LedgerState | undefined;
  /** The parts that are in. */
  readonly done: readonly LedgerPart[];
  /** True if it was half done and must be restored from the beginning. */
  readonly isStartedAgain: boolean;
}

const ON_COLLECTIONS = [
  "bypassDocumentValidation",
  "collStats",
  "createCollection",
  "createIndex",
  "dropCollection",
  "find",
  "insert",
  "listIndexes",
  "update",
] as const;
const ON_LEDGER = ["dropCollection", "find", "insert", "remove", "update"] as const;

export interface TargetState {
  readonly work: readonly PlannedWork[];
  /** True if an earlier run did everything except remove its ledgers. */
  readonly isFinished: boolean;
  readonly isResumed: boolean;
  readonly findings: readonly RestoreFinding[];
}

/**
 * Examines the target without writing: obstacles, the results of an earlier run of the same restore, and so
 * the work to do. Collects all findings before it returns.
 *
 * @param isDropping true if obstacles may be dropped.
 * @param restoredAt the last time this archive was restored there completely, for a user who runs it twice by
 * mistake.
 */
export async function inspectTarget(
  target: MongodbSource,
  plan: RestorePlan,
  identity: RestoreIdentity,
  isDropping: boolean,
  restoredAt: string | undefined,
): Promise<TargetState> {
  const all = allOf(plan);
  const named = [...plan.findings.filter((f) => f.what === "name-unfit"), ...(await twins(target, plan))];
  // A server does not answer questions about names that it refuses.
  if (named.length > 0) return { work: [], isFinished: false, isResumed: false, findings: named };
  const existing = await listPlaces(target, all);
  const ledgers = new Map<string, Ledger>();
  for (const database of plan.databases) ledgers.set(database, await readLedger(target, database));
  const findings = [...plan.findings];
  const { isWritablePrimary } = await target.client.db("admin").command({ hello: 1 });
  if (isWritablePrimary === false) findings.push({ what: "not-primary" });
  const local = all.filter((p) => p.database === "local").map((p) => p.namespace);
  if (target.isReplicaSet && local.length > 0) findings.push({ what: "target-local", namespaces: local });
  for (const [database, missing] of await missingActions(target, neededActions(plan)))
    findings.push({ what: "privileges", database, missing: [...missing].sort() });
  // Until a restore begins a collection, it has changed nothing that could hinder another restore.
  const begun = [...ledgers].flatMap(([database, { head, states }]) =>
    head === undefined || states.size === 0 ? [] : [{ database, ...head }],
  );
  for (const { database, manifestSha256, settings } of begun)
    if (manifestSha256 !== identity.manifestSha256) findings.push({ what: "ledger-foreign", database });
    else if (settings !== identity.settings)
      findings.push({ what: "settings-changed", database, before: settings, now: identity.settings });
  const work: PlannedWork[] = [];
  const isFinished = begun.some((head) => head.isFinished);
  for (const planned of all) {
    const found = existing.get(planned.namespace);
    const ledger = ledgers.get(planned.database)!;
    const state = ledger.states.get(planned.collection)?.state;
    const inTheWay =
      state !== undefined || isFinished || found === undefined
        ? undefined
        : await obstacle(target, planned, found, restoredAt);
    if (inTheWay !== undefined && !isDropping) findings.push(inTheWay);
    const done = ledger.parts.filter((p) => p.collection === planned.collection);
    const isStartedAgain =
      planned.kind !== "view" && mustStartAgain(planned, state, found !== undefined, done, isDropping);
    work.push({
      planned,
      exists: found !== undefined,
      isDropped: inTheWay !== undefined || isStartedAgain,
      state,
      done: isStartedAgain ? [] : done,
      isStartedAgain,
    });
  }
  return { work, isFinished, isResumed: begun.length > 0, findings };
}

/** Finds the databases that the server refuses, because others differ only in upper and lower case. */
async function twins(target: MongodbSource, { databases }: RestorePlan): Promise<RestoreFinding[]> {
  const existing = (await listedDatabases(target)) ?? [];
  return caseTwins(databases, existing).map((found) => ({ what: "database-case", ...found }));
}

/** True if this run cannot continue from what an earlier run left of a collection. */
function mustStartAgain(
  planned: PlannedNamespace,
  state: LedgerState | undefined,
  exists: boolean,
  done: readonly LedgerPart[],
  isDropping: boolean,
): boolean {
  switch (state) {
    case undefined:
      return false;
    case "begun": {
      // Somebody dropped the documents that the ledger lists.
      if (!exists) return done.length > 0;
      return !planned.isKeyed && done.length < planned.source.parts.length;
    }
    case "proved":
      return !exists;
    case "differs":
      return !exists || isDropping;
  }
}

/** The privileges are checked beforehand: a user who may drop but not insert would be left with nothing. */
function neededActions(plan: RestorePlan): NeededActions[] {
  const collections = allOf(plan).flatMap((p): NeededActions[] => [
    {
      database: p.database,
      storedIn: p.collection,
      actions: expires(p) ? [...ON_COLLECTIONS, "collMod"] : ON_COLLECTIONS,
    },
    ...(p.kind === "timeseries"
      ? [{ database: p.database, storedIn: p.storedIn, actions: ["find", "insert"] }]
      : []),
  ]);
  const ledgers = plan.databases.map((database) => ({ database, storedIn: LEDGER, actions: ON_LEDGER }));
  return [...collections, ...ledgers];
}

/**
 * Returns the reason why the restore cannot use a collection that none of its runs made. Undefined if the
 * collection is empty and has the same definition.
 */
async function obstacle(
  target: MongodbSource,
  planned: PlannedNamespace,
  found: Namespace,
  restoredAt: string | undefined,
): Promise<RestoreFinding | undefined> {
  const { namespace } = planned;
  const different = (differs: "kind" | "options" | "indexes" | "expiry"): RestoreFinding => ({
    what: "exists-different",
    namespace,
    differs,
  });
  if (found.kind !== "view" && (await holdsDocuments(target, found)))
    return { what: "not-empty", namespace, restoredAt };
  if (found.kind !== planned.kind) return different("kind");
  if (!isSameOptions(planned.options, found.optionsText)) return different("options");
  if (unknownIndexes(planned.indexes, found.indexTexts).length > 0) return different("indexes");
  const present = [planned.options, ...found.indexTexts.map(documentOf)];
  if (present.some((d) => mapOf(d).has("expireAfterSeconds"))) return different("expiry");
  return undefined;
}

async function holdsDocuments(target: MongodbSource, found: Namespace): Promise<boolean> {
  const reply = await target.client
    .db(found.database)
    .command({ find: found.storedIn, limit: 1, singleBatch: true }, { fieldsAsRaw: { firstBatch: true } });
  const { firstBatch } = asObject(reply["cursor"]);
  return Array.isArray(firstBatch) && firstBatch.length > 0;
}
