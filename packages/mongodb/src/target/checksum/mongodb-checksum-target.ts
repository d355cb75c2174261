import { join } from "node:path";
import {
  LOAD_QUARANTINE,
  readTransformedForMongodb,
  type Account,
  type MongodbManifest,
  type StepEvent,
} from "@firebreak/archive";
import { isSameDigest, openChain, subtractDigests, type PlainDigest } from "@firebreak/items";
import type {
  ChecksumRequest,
  ChecksumTarget,
  DifferingItems,
  LoadOutcome,
  OpenChecksum,
  ReportedDifference,
} from "@firebreak/target";
import { listPlaces } from "../../definitions/compare-definitions.ts";
import { connectMongodb, type MongodbSource } from "../../driver/connect.ts";
import { explainMongodb } from "../../driver/mongodb-faults.ts";
import type { Namespace } from "../../driver/namespaces.ts";
import {
  compareBuckets,
  documentDifferences,
  type ComparedCollection,
} from "../../stored/document-differences.ts";
import { madeLines, type LinkLines } from "../../stored/made-chain.ts";
import { proveRange } from "../../stored/prove-collections.ts";
import type { LoadedPart } from "../ledger/ledger-entry.ts";
import { readLoadLedger } from "../ledger/load-ledger.ts";
import { comparedLines, refusedByLink, refusedDigest, type RefusedLines } from "../ledger/refused-lines.ts";
import { madeCollections, sourceCollections, type ArchivedCollection } from "./archived-collections.ts";

/** The notes of a comparison with MongoDB, with their fields. */
export interface MongodbChecksumNotes {
  "collection-missing": { namespace: string };
  "documents-quarantined": { count: number; folder: string };
  "documents-quarantine-missing": { namespace: string; part: string; count: number; file: string };
  "chain-documents-differ": { namespace: string; expected: number; found: number };
}

type ChecksumStep = StepEvent<MongodbChecksumNotes>;

/** The assumed size of a document. Only the size of replies depends on it. */
const ASSUMED_BYTES = 1024;

/** The type of reported values: canonical Extended JSON. */
const TYPE = "json";

type Request = ChecksumRequest<MongodbManifest | undefined>;

/**
 * A MongoDB whose documents can be compared with an archive, byte by byte and by their `_id`. Views have no
 * documents. Collections that the archive does not have are ignored.
 */
export function mongodbChecksumTarget({
  url,
}: {
  readonly url: string;
}): ChecksumTarget<MongodbManifest | undefined, MongodbChecksumNotes> {
  return {
    readManifest: readTransformedForMongodb,
    open: async (request) => {
      const { archive, folder, made, previous, identities } = request;
      const chain = made === undefined ? await openChain(archive, { previous, identities }) : [];
      const target = await connectMongodb(url);
      const collections =
        made === undefined
          ? sourceCollections(chain, identities, target.database)
          : madeCollections(folder, made, identities, target.database);
      return new OpenMongodbChecksum(request, target, collections);
    },
  };
}

/** The result of hashing all documents of a collection. */
interface Proved {
  readonly rowCount: number;
  readonly isEqual: boolean;
}

class OpenMongodbChecksum implements OpenChecksum<MongodbChecksumNotes> {
  readonly #request: Request;
  readonly #target: MongodbSource;
  readonly #collections: readonly ArchivedCollection[];
  readonly #accounts: Account[] = [];

  constructor(request: Request, target: MongodbSource, collections: readonly ArchivedCollection[]) {
    this.#request = request;
    this.#target = target;
    this.#collections = collections;
  }

  async *compare(): AsyncGenerator<ChecksumStep | DifferingItems> {
    const { made, work } = this.#request;
    const totalItems = this.#collections.reduce((sum, c) => sum + c.lineCount, 0);
    let items = 0;
    const existing = await listPlaces(this.#target, this.#collections);
    const loaded = made === undefined ? [] : await loadedParts(this.#target, this.#collections);
    for (const archived of this.#collections) {
      const { namespace, source, digest } = archived;
      const own = loadedInto(archived, loaded);
      const setAside = yield* this.#readSetAside(namespace, own);
      const found = existing.get(namespace);
      const place = found === undefined || found.kind === "view" ? undefined : found;
      if (place === undefined) yield { kind: "note", code: "collection-missing", fields: { namespace } };
      const isSound = setAside.every((s) => s.lost.length === 0);
      // A delta's manifest has the digest of all documents. The chain is read only if that digest differs.
      const proved =
        digest === undefined || place === undefined || !isSound
          ? undefined
          : await this.#prove(place, digest, own);
      const lines =
        place === undefined || proved?.isEqual === true ? undefined : yield* this.#linesOf(archived, proved);
      const compared =
        lines === undefined || place === undefined
          ? undefined
          : comparedLines(lines, setAside, { work, target: this.#target, namespace: place });
      const buckets = compared === undefined ? undefined : await compareBuckets(compared);
      items += archived.lineCount;
      yield { kind: "progress", stage: "checksum", items, bytes: 0, totalItems };
      if (compared !== undefined && buckets !== undefined && buckets.differing.size > 0)
        yield {
          kind: "differing",
          table: source,
          keyColumns: [{ name: "_id", type: TYPE }],
          isKnown: true,
          differences: reported(source, compared, buckets.differing),
        };
      this.#accounts.push({
        ...archived.account,
        ...(place !== undefined && namespace !== source ? { target: namespace } : {}),
        ...(made === undefined ? {} : { refused: countOf(setAside) }),
        digested: buckets?.found ?? proved?.rowCount ?? 0,
        equal: buckets === undefined ? proved?.isEqual === true : buckets.differing.size === 0,
      });
    }
    const count = this.#accounts.reduce((sum, a) => sum + (a.refused ?? 0), 0);
    const folder = join(work, LOAD_QUARANTINE);
    if (count > 0) yield { kind: "note", code: "documents-quarantined", fields: { count, folder } };
  }

  async outcome(): Promise<LoadOutcome<MongodbChecksumNotes>> {
    return { notes: [], accounts: this.#accounts };
  }

  explain(error: unknown): unknown {
    return explainMongodb(error, this.#target.server);
  }

  async close(): Promise<void> {
    await this.#target.client.close();
  }

  /** Reads load's quarantine, from the ledger and the files below `--work`. Reports each file that is missing. */
  async *#readSetAside(
    namespace: string,
    loaded: readonly LoadedPart[],
  ): AsyncGenerator<ChecksumStep, readonly RefusedLines[]> {
    const { work, identities } = this.#request;
    const refused = await refusedByLink(work, loaded, identities);
    for (const { file: part, quarantine } of refused.flatMap((r) => r.lost)) {
      const { file, lineCount: count } = quarantine!;
      const fields = { namespace, part, count, file: join(work, LOAD_QUARANTINE, file) };
      yield { kind: "note", code: "documents-quarantine-missing", fields };
    }
    return refused;
  }

  /** Compares a collection's documents with the digest in a manifest, without those that the target refused. */
  async #prove(
    { namespace, database, storedIn }: Namespace,
    digest: PlainDigest,
    loaded: readonly LoadedPart[],
  ): Promise<Proved> {
    const { work, identities } = this.#request;
    const range = { index: 0, order: "natural" } as const;
    const task = { namespace, database, storedIn, range, averageBytes: ASSUMED_BYTES };
    const found = await proveRange(this.#target, task, () => undefined);
    const expected = subtractDigests(digest, await refusedDigest(work, loaded, identities));
    return { rowCount: found.digest.rowCount, isEqual: isSameDigest(found.digest, expected) };
  }

  /**
   * Returns the lines that the archive, or its whole chain, has for a collection. If an earlier link is not
   * here, it says so and returns undefined.
   */
  async *#linesOf(
    { namespace, lines, digest, made: place }: ArchivedCollection,
    proved: Proved | undefined,
  ): AsyncGenerator<ChecksumStep, readonly LinkLines[] | undefined> {
    const { made } = this.#request;
    if (made === undefined || place === undefined) return lines;
    const ofChain = await madeLines(this.#request, made, place);
    const fields = { namespace, expected: digest?.rowCount ?? 0, found: proved?.rowCount ?? 0 };
    if (ofChain === undefined) yield { kind: "note", code: "chain-documents-differ", fields };
    return ofChain;
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

async function* reported(
  table: string,
  collection: ComparedCollection,
  buckets: ReadonlyMap<number, number>,
): AsyncGenerator<ReportedDifference> {
  for await (const difference of documentDifferences(collection, buckets)) {
    const { kind, id } = difference;
    const fields = difference.kind === "changed" ? difference.fields : [];
    yield { table, kind, key: [id], columns: fields.map((field) => ({ ...field, type: TYPE })) };
  }
}
