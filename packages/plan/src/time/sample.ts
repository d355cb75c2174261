import type { Document, FindOptions } from "mongodb";
import { explainMongodb, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import { DumpFolderWriter } from "@firebreak/mongodump";
import type { Volume } from "../plan-record.ts";

/** A small collection is in a sample as a whole, as far as this. */
const LEAST_DOCUMENTS = 20;
/** Documents are copied in groups of so many bytes. */
const GROUP_BYTES = 1 << 20;

/** The part of a sample that comes from one collection. */
export interface Share {
  readonly namespace: string;
  readonly documents: number;
}

/**
 * Divides a number of documents among collections by their sizes in bytes, for the time of a step depends on these.
 * Each collection gives at least some documents, so that the plan sees its fields. Pure.
 *
 * @param most the most bytes of the sample.
 */
export function sharesOf(volumes: readonly Volume[], most: number): Share[] {
  const total = volumes.reduce((sum, v) => sum + v.bytes, 0);
  const part = total <= most ? 1 : most / total;
  return volumes.map(({ database, name, items }) => ({
    namespace: `${database}.${name}`,
    documents: Math.min(items, Math.max(LEAST_DOCUMENTS, Math.ceil(items * part))),
  }));
}

/** A sample that was written, and the time that reading it took. */
export interface Sample {
  readonly documents: number;
  readonly bytes: number;
  readonly largestBytes: number;
  readonly readMs: number;
}

/** The choice of a sample's documents. */
export interface Sampling {
  /** In the order in which they have to be read. */
  readonly namespaces: readonly Namespace[];
  /** Reads the chosen documents of a collection, as their bytes, with `reader`. */
  read(ns: Namespace): AsyncIterable<Buffer>;
  readonly reader: DocumentReader;
}

/**
 * Copies documents of collections into a folder, as mongodump would, for an export to read.
 *
 * @throws {FirebreakError} any error of mongodb, and those of `DumpFolderWriter`.
 */
export async function writeSample(sampling: Sampling, folder: string): Promise<Sample> {
  const dump = await DumpFolderWriter.open(folder);
  let [documents, bytes, largestBytes] = [0, 0, 0];
  for (const ns of sampling.namespaces) {
    const writer = await dump.collection(ns);
    if (ns.kind !== "view")
      for await (const group of groupsOf(sampling.read(ns))) {
        documents += group.count;
        bytes += group.bytes.length;
        largestBytes = Math.max(largestBytes, group.largestBytes);
        await writer.write(group.bytes);
      }
    await writer.seal();
  }
  return { documents, bytes, largestBytes, readMs: sampling.reader.readMs };
}

/**
 * Chooses the newest documents of each collection: those with the greatest `_id`, or the last in natural order where
 * none is ordered by `_id`.
 */
export function newestDocuments(
  reader: DocumentReader,
  namespaces: readonly Namespace[],
  shares: readonly Share[],
): Sampling {
  return {
    namespaces,
    reader,
    read: async function* (ns) {
      const limit = shares.find((s) => s.namespace === ns.namespace)?.documents ?? 0;
      const sort = ns.hasIdOrder ? ({ _id: -1 } as const) : ({ $natural: -1 } as const);
      if (limit > 0) yield* reader.read(ns, {}, { sort, limit });
    },
  };
}

/** Reads documents of a source as their bytes, and sums the time that this takes. */
export class DocumentReader {
  readonly source: MongodbSource;
  readMs = 0;

  constructor(source: MongodbSource) {
    this.source = source;
  }

  /** @throws {FirebreakError} any error of mongodb. */
  async *read(ns: Namespace, filter: Document, options: FindOptions): AsyncGenerator<Buffer> {
    const { client, server } = this.source;
    const found = client
      .db(ns.database)
      .collection(ns.storedIn)
      .find(filter, { ...options, raw: true });
    try {
      for (;;) {
        const startedAt = performance.now();
        const document = await found.next();
        this.readMs += performance.now() - startedAt;
        if (document === null) return;
        // With `raw` the driver gives the bytes of a document, whatever its types say.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        yield document as unknown as Buffer;
      }
    } catch (error) {
      throw explainMongodb(error, server, ns.namespace);
    } finally {
      await found.close();
    }
  }
}

interface Group {
  readonly count: number;
  readonly bytes: Buffer;
  readonly largestBytes: number;
}

async function* groupsOf(documents: AsyncIterable<Buffer>): AsyncGenerator<Group> {
  let group: Buffer[] = [];
  let bytes = 0;
  const whole = (): Group => ({
    count: group.length,
    bytes: Buffer.concat(group),
    largestBytes: group.reduce((most, d) => Math.max(most, d.length), 0),
  });
  for await (const document of documents) {
    group.push(document);
    bytes += document.length;
    if (bytes < GROUP_BYTES) continue;
    yield whole();
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) yield whole();
}
