import { join } from "node:path";
import {
  accountEvent,
  LOAD_QUARANTINE,
  readSourceManifest,
  readTransformedForMongodb,
  type Account,
} from "@firebreak/archive";
import { openChain, refuseUnlinked } from "@firebreak/items";
import {
  compareBuckets,
  connectMongodb,
  documentDifferences,
  explainMongodb,
  listPlaces,
  readLoadLedger,
  type ComparedCollection,
  type LoadedPart,
  type MongodbSource,
  type RefusedLines,
} from "@firebreak/mongodb";
import { DifferencesFile } from "../report/differences-file.ts";
import { DifferencesTally, type DifferencesEvent } from "../report/differences-tally.ts";
import { madeCollections, sourceCollections, type ArchivedCollection } from "./archived-collections.ts";
import { comparedCollection, linesOf, provedDigest } from "./chain-documents.ts";
import { readDocumentsSetAside } from "./documents-set-aside.ts";
import type { ReportedDifference } from "../report/reported-difference.ts";
import type { ChecksumStep } from "../checksum-notes.ts";
import type { AgainstMongodbOptions } from "../checksum-options.ts";

/** The type of reported values: canonical Extended JSON. */
const TYPE = "json";

/**
 * Compares the archive's documents, byte by byte, with those of a live MongoDB. Reports equality, or the
 * documents that are missing, extra or changed, by their `_id`. It only reads. For a delta, it compares all
 * documents of the whole chain. Views have no documents. Collections that the archive does not have are
 * ignored.
 *
 * @throws {FirebreakError} a fault of mongodb or archive.
 */
export async function* checksumAgainstMongodb(
  options: AgainstMongodbOptions,
): AsyncGenerator<ChecksumStep | DifferencesEvent> {
  const { archive, folder, work, identities, previous } = options;
  const { manifest: source, sha256 } = await readSourceManifest(archive, identities);
  const made = await readTransformedForMongodb(folder, sha256, identities);
  if (made !== undefined) refuseUnlinked(source, made, folder);
  const chain = made === undefined ? await openChain(archive, { previous, identities }) : [];
  const target = await connectMongodb(options.url);
  const file = new DifferencesFile(work);
  const accounts: Account[] = [];
  const collections =
    made === undefined
      ? sourceCollections(chain, identities, target.database)
      : madeCollections(folder, made, identities, target.database);
  const totalItems = collections.reduce((sum, c) => sum + c.lineCount, 0);
  let items = 0;
  try {
    const existing = await listPlaces(target, collections);
    const loaded = made === undefined ? [] : await loadedParts(target, collections);
    for (const archived of collections) {
      const { namespace, source, digest } = archived;
      const own = loadedInto(archived, loaded);
      const setAside = yield* readDocumentsSetAside(options, namespace, own);
      const found = existing.get(namespace);
      const place = found === undefined || found.kind === "view" ? undefined : found;
      if (place === undefined) yield { kind: "note", code: "collection-missing", fields: { namespace } };
      const isSound = setAside.every((s) => s.lost.length === 0);
      // A delta's manifest has the digest of all documents. The chain is read only if that digest differs.
      const proved =
        digest === undefined || place === undefined || !isSound
          ? undefined
          : await provedDigest(options, target, place, digest, own);
      const lines =
        place === undefined || proved?.isEqual === true
          ? undefined
          : yield* linesOf(options, made, archived, proved);
      const compared =
        lines === undefined || place === undefined
          ? undefined
          : comparedCollection(target, place, lines, setAside, work);
      const buckets = compared === undefined ? undefined : await compareBuckets(compared);
      items += archived.lineCount;
      yield { kind: "progress", stage: "checksum", items, bytes: 0, totalItems };
      if (compared !== undefined && buckets !== undefined && buckets.differing.size > 0)
        yield* reportDocuments(compared, buckets.differing, source, file);
      accounts.push({
        ...archived.account,
        ...(place !== undefined && namespace !== source ? { target: namespace } : {}),
        ...(made === undefined ? {} : { refused: countOf(setAside) }),
        digested: buckets?.found ?? proved?.rowCount ?? 0,
        equal: buckets === undefined ? proved?.isEqual === true : buckets.differing.size === 0,
      });
    }
    yield* quarantineNote(accounts, work);
    yield* file.seal();
    yield accountEvent(accounts, made ?? {});
  } catch (error) {
    throw explainMongodb(error, target.server);
  } finally {
    await file.abandon();
    await target.client.close();
  }
}

interface PlacedPart {
  readonly database: string;
  readonly part: LoadedPart;
}

async function loadedParts(
  target: MongodbSource,
  collections: readonly ArchivedCollection[],
): Promise<PlacedPart[]> {
  const loaded: PlacedPart[] = [];
  for (const database of new Set(collections.map((c) => c.database)))
    for (const part of (await readLoadLedger(target, database)).parts) loaded.push({ database, part });
  return loaded;
}

/** Returns the parts of a collection, in any link, that the ledger lists as loaded. */
function loadedInto(
  { database, collection, lines, digest }: ArchivedCollection,
  loaded: readonly PlacedPart[],
): LoadedPart[] {
  const hashes = new Map(lines.flatMap((l) => l.parts).map((p) => [p.file, p.plainSha256]));
  return loaded
    .filter((l) => l.database === database && l.part.collection === collection)
    .map((l) => l.part)
    .filter((p) => digest !== undefined || hashes.get(p.file) === p.plainSha256);
}

function countOf(setAside: readonly RefusedLines[]): number {
  return setAside.flatMap(({ lines }) => [...lines.values()]).reduce((sum, ofPart) => sum + ofPart.size, 0);
}

function* quarantineNote(accounts: readonly Account[], work: string): Generator<ChecksumStep> {
  const count = accounts.reduce((sum, a) => sum + (a.refused ?? 0), 0);
  const folder = join(work, LOAD_QUARANTINE);
  if (count > 0) yield { kind: "note", code: "documents-quarantined", fields: { count, folder } };
}

async function* reportDocuments(
  collection: ComparedCollection,
  buckets: ReadonlyMap<number, number>,
  namespace: string,
  file: DifferencesFile,
): AsyncGenerator<ChecksumStep | DifferencesEvent> {
  const tally = new DifferencesTally(namespace, [{ name: "_id", type: TYPE }], file);
  for await (const difference of documentDifferences(collection, buckets)) {
    const columns = difference.kind === "changed" ? difference.fields : [];
    const reported: ReportedDifference = {
      table: namespace,
      kind: difference.kind,
      key: [difference.id],
      columns: columns.map((field) => ({ ...field, type: TYPE })),
    };
    yield* tally.add(reported);
  }
  yield* tally.end();
}
