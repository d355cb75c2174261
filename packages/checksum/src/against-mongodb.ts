import { join } from "node:path";
import {
  LOAD_QUARANTINE,
  readSourceManifest,
  readTransformedForMongodb,
  type Account,
  type StepEvent,
} from "@firebreak/archive";
import {
  compareBuckets,
  connectMongodb,
  documentDifferences,
  explainMongodb,
  listPlaces,
  readLoadLedger,
  refusedLines,
  type ComparedCollection,
  type LoadedPart,
  type MongodbSource,
  type RefusedLines,
} from "@firebreak/mongodb";
import { DifferencesFile } from "./differences-file.ts";
import { DifferencesTally, type DifferencesEvent } from "./differences-tally.ts";
import { madeCollections, sourceCollections, type ArchivedCollection } from "./archived-collections.ts";
import type { ReportedDifference } from "./reported-difference.ts";

export interface AgainstMongodbOptions {
  readonly archive: string;
  /** Where transform wrote what is for MongoDB; if it has a manifest, that is what is compared, else the archive itself. */
  readonly folder: string;
  readonly url: string;
  /** Folder that the differences are written to, and where load kept its quarantine. */
  readonly work: string;
  /** Of the person, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}

/** How values of documents are told: as canonical Extended JSON. */
const TYPE = "json";

/**
 * Compares the archive's documents, byte by byte, with those of a live MongoDB:
 * equal, or which are missing, extra or changed, by their `_id`. It only reads.
 * Views have no documents; collections that the archive has not are not looked at.
 *
 * @throws {FirebreakError} of mongodb or archive.
 */
export async function* checksumAgainstMongodb(
  options: AgainstMongodbOptions,
): AsyncGenerator<StepEvent | DifferencesEvent> {
  const { archive, folder, work, identities } = options;
  const { manifest, sha256 } = await readSourceManifest(archive, identities);
  const made = await readTransformedForMongodb(folder, sha256, identities);
  const target = await connectMongodb(options.url);
  const file = new DifferencesFile(work);
  const accounts: Account[] = [];
  const collections =
    made === undefined
      ? sourceCollections({ archive, identities }, manifest, target.database)
      : madeCollections({ archive: folder, identities }, made, target.database);
  const totalItems = collections.reduce((sum, c) => sum + c.lineCount, 0);
  let items = 0;
  try {
    const existing = await listPlaces(target, collections);
    const loaded = made === undefined ? [] : await loadedParts(target, collections);
    for (const archived of collections) {
      const { namespace, source } = archived;
      const setAside = yield* readSetAside(options, archived, loaded);
      const found = existing.get(namespace);
      const isThere = found !== undefined && found.kind !== "view";
      if (!isThere) yield { kind: "note", code: "collection-missing", fields: { namespace } };
      const collection = isThere
        ? {
            archive: archived.archive,
            parts: archived.parts,
            target,
            namespace: found,
            setAside: setAside.lines,
          }
        : undefined;
      const compared = collection === undefined ? undefined : await compareBuckets(collection);
      items += archived.lineCount;
      yield { kind: "progress", stage: "checksum", items, bytes: 0, totalItems };
      if (collection !== undefined && compared !== undefined && compared.differing.size > 0)
        yield* reportDocuments(collection, compared.differing, source, file);
      accounts.push({
        ...archived.account,
        ...(isThere && namespace !== source ? { target: namespace } : {}),
        ...(made === undefined ? {} : { refused: countOf(setAside) }),
        digested: compared?.found ?? 0,
        equal: compared?.differing.size === 0,
      });
    }
    yield* quarantineNote(accounts, work);
    yield* file.seal();
    yield { kind: "account", accounts };
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

/** What load put in quarantine, by the ledger and the files below `--work`; where one is missing that is said. */
async function* readSetAside(
  { work, identities }: AgainstMongodbOptions,
  { namespace, database, collection, parts }: ArchivedCollection,
  loaded: readonly PlacedPart[],
): AsyncGenerator<StepEvent, RefusedLines> {
  const hashes = new Map(parts.map((p) => [p.file, p.plainSha256]));
  const own = loaded
    .filter((l) => l.database === database && l.part.collection === collection)
    .map((l) => l.part)
    .filter((p) => hashes.get(p.file) === p.plainSha256);
  const refused = await refusedLines(work, own, identities);
  for (const { file: part, quarantine } of refused.lost) {
    const { file, lineCount: count } = quarantine!;
    const fields = { namespace, part, count, file: join(work, LOAD_QUARANTINE, file) };
    yield { kind: "note", code: "documents-quarantine-missing", fields };
  }
  return refused;
}

function countOf({ lines }: RefusedLines): number {
  return [...lines.values()].reduce((sum, ofPart) => sum + ofPart.size, 0);
}

function* quarantineNote(accounts: readonly Account[], work: string): Generator<StepEvent> {
  const count = accounts.reduce((sum, a) => sum + (a.refused ?? 0), 0);
  const folder = join(work, LOAD_QUARANTINE);
  if (count > 0) yield { kind: "note", code: "documents-quarantined", fields: { count, folder } };
}

async function* reportDocuments(
  collection: ComparedCollection,
  buckets: ReadonlyMap<number, number>,
  namespace: string,
  file: DifferencesFile,
): AsyncGenerator<StepEvent | DifferencesEvent> {
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
