import { listPlaces } from "../../definitions/compare-definitions.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { Namespace } from "../../driver/namespaces.ts";
import { missingActions, type NeededActions } from "../../driver/privileges.ts";
import { nameProblem } from "../../driver/unfit-names.ts";
import type { CollectionWork, DonePart, PlannedCollection } from "../collection-plan.ts";
import { expires } from "../collections/build-indexes.ts";
import type { LoadedPart } from "../ledger/ledger-entry.ts";
import { LEDGER, readLedger } from "../ledger/ledger.ts";
import { type LoadLedger, readLoadLedger } from "../ledger/load-ledger.ts";
import { targetFacts, type TargetFacts } from "../target-facts.ts";
import { collectionFindings } from "./collection-findings.ts";
import { deltaFindings } from "./delta-findings.ts";
import type { MongodbFinding, MongodbNote } from "./findings.ts";
import { nameFindings } from "./names.ts";

/** The oldest version that has the command `hello`, names of 255 bytes and `$$NOW`. */
const OLDEST = [4, 4] as const;

/** The actions of a load on collections that it creates; the role readWrite includes all of them. */
const ON_COLLECTIONS = [
  "collStats",
  "createCollection",
  "createIndex",
  "find",
  "insert",
  "listIndexes",
  "update",
] as const;
/** The further actions of a delta. */
const BY_DELTA = ["dropCollection", "dropIndex", "remove"] as const;
const ON_LEDGER = ["dropCollection", "find", "insert", "remove", "update"] as const;

/** The actions without which preflight cannot see what is there. */
const LOOKING = ["collStats", "find", "listIndexes"] as const;

/** The facts about a server, and its reasons against a load. */
export interface ServerLook {
  readonly facts: TargetFacts;
  readonly findings: readonly MongodbFinding[];
  /** True if the collections and ledgers cannot be read. A finding says why. */
  readonly isBlind: boolean;
}

/** Looks at the server and at the user's privileges. */
export async function inspectServer(
  target: MongodbSource,
  planned: readonly PlannedCollection[],
  isDelta: boolean,
): Promise<ServerLook> {
  // A server answers no questions about a name that it does not accept.
  const isFit = ({ database }: PlannedCollection): boolean =>
    nameProblem({ database, collection: LEDGER }) === undefined;
  const facts = await targetFacts(target, planned.find(isFit)?.database ?? "admin");
  const unfit = nameFindings(planned, facts.databases ?? []);
  const findings: MongodbFinding[] = [...serverFindings(facts), ...unfit];
  // A server that is not a primary does not answer them either.
  if (unfit.length > 0 || !facts.isWritable) return { facts, findings, isBlind: true };
  const missing = await missingActions(target, neededActions(planned, isDelta));
  for (const [database, actions] of missing)
    findings.push({ what: "privileges", database, missing: [...actions].sort() });
  const isBlind = [...missing.values()].some((actions) => LOOKING.some((action) => actions.has(action)));
  return { facts, findings, isBlind };
}

/** The state of collections before anything is written. */
export interface CollectionsLook {
  readonly work: readonly CollectionWork[];
  readonly findings: readonly MongodbFinding[];
  readonly notes: readonly MongodbNote[];
}

/**
 * Looks at the collections without writing anything. Collects all findings, what an earlier load of the same
 * archive left, and the work that follows.
 *
 * @param isAgain true if an earlier run may have begun the link.
 * @throws {FirebreakError} of mongodb.
 */
export async function inspectCollections(
  target: MongodbSource,
  planned: readonly PlannedCollection[],
  { isDelta, isAgain, freeBytes }: { isDelta: boolean; isAgain: boolean } & Pick<TargetFacts, "freeBytes">,
): Promise<CollectionsLook> {
  const findings: MongodbFinding[] = [];
  const work: CollectionWork[] = [];
  const existing = await listPlaces(target, planned);
  for (const [database, collections] of Map.groupBy(planned, (p) => p.database)) {
    const loads = await readLoadLedger(target, database);
    const restores = await readLedger(target, database);
    for (const collection of collections) {
      const found = existing.get(collection.namespace);
      const one = workOf(collection, found, loads);
      work.push(one);
      findings.push(
        ...(isDelta
          ? await deltaFindings(target, one, found, restores, isAgain)
          : await collectionFindings(target, one, found, loads, restores)),
      );
    }
  }
  const disk = diskFindings(work, freeBytes);
  return { work, findings: [...findings, ...disk.findings], notes: disk.notes };
}

function serverFindings({ version, isWritable }: TargetFacts): MongodbFinding[] {
  const findings: MongodbFinding[] = [];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    findings.push({ what: "server-old", version });
  if (!isWritable) findings.push({ what: "not-primary" });
  return findings;
}

function neededActions(planned: readonly PlannedCollection[], isDelta: boolean): NeededActions[] {
  const ledgers = [...new Set(planned.map((p) => p.database))];
  return [
    ...planned.map((p): NeededActions => ({
      database: p.database,
      storedIn: p.collection,
      actions: [...ON_COLLECTIONS, ...(isDelta ? BY_DELTA : []), ...(expires(p) ? ["collMod"] : [])],
    })),
    ...ledgers.map((database) => ({ database, storedIn: LEDGER, actions: ON_LEDGER })),
  ];
}

function workOf(
  planned: PlannedCollection,
  found: Namespace | undefined,
  ledger: LoadLedger,
): CollectionWork {
  const entries = ledger.parts.filter((p) => p.collection === planned.collection);
  const known = new Map(entries.filter((p) => p.link === planned.link).map((p) => [p.file, p]));
  const { parts, keys = [] } = planned.source;
  const head = ledger.collections.get(planned.collection);
  const isOfThis = planned.link === undefined || head?.contentSha256 === planned.contentSha256;
  return {
    planned,
    exists: found !== undefined,
    head,
    state: isOfThis ? head?.state : undefined,
    done: parts.flatMap((part) => {
      const entry = known.get(part.file);
      return entry === undefined ? [] : [{ part, ledger: entry }];
    }),
    todo: parts.filter((p) => !known.has(p.file)),
    keys: keys.filter((p) => !known.has(p.file)),
    earlier:
      planned.source.change === "whole"
        ? []
        : entries.filter((p) => p.link !== planned.link && p.quarantine !== undefined).map(earlierPart),
  };
}

function earlierPart(ledger: LoadedPart): DonePart {
  const { file, digest, quarantine } = ledger;
  return { part: { file, lineCount: digest.rowCount + (quarantine?.lineCount ?? 0) }, ledger };
}

/**
 * WiredTiger's bytes for each byte of a document's line, with indexes and oplog: the least, and the usual.
 */
const LEAST = 0.1;
const USUAL = 1;

/** Checks that there is room for the documents, if the server tells how much it has. */
export function diskFindings(
  work: readonly Pick<CollectionWork, "todo">[],
  free: number | undefined,
): { findings: MongodbFinding[]; notes: MongodbNote[] } {
  const plainBytes = work.flatMap((w) => w.todo).reduce((sum, part) => sum + part.plainBytes, 0);
  const needed = Math.ceil(plainBytes * USUAL);
  if (free === undefined || free >= needed) return { findings: [], notes: [] };
  return free < plainBytes * LEAST
    ? { findings: [{ what: "disk-small", needed, free }], notes: [] }
    : { findings: [], notes: [{ code: "load-disk-mongodb", fields: { needed, free } }] };
}
