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

/**
 * Copies the newest documents of collections into a folder, as mongodump would, for an export to read. Newest are
 * those with the greatest `_id`, or the last in natural order where none is ordered by `_id`.
 *
 * @throws {FirebreakError} any error of mongodb, and those of `DumpFolderWriter`.
 */
export async function writeSample(
  source: MongodbSource,
  namespaces: readonly Namespace[],
  shares: readonly Share[],
  folder: string,
): Promise<Sample> {
  const dump = await DumpFolderWriter.open(folder);
  let [documents, bytes, largestBytes, readMs] = [0, 0, 0, 0];
  for (const ns of namespaces) {
    const limit = shares.find((s) => s.namespace === ns.namespace)?.documents ?? 0;
    const writer = await dump.collection(ns);
    if (ns.kind !== "view" && limit > 0) {
      const startedAt = performance.now();
      for await (const group of newest(source, ns, limit)) {
        documents += group.count;
        bytes += group.bytes.length;
        largestBytes = Math.max(largestBytes, group.largestBytes);
        await writer.write(group.bytes);
      }
      readMs += performance.now() - startedAt;
    }
    await writer.seal();
  }
  return { documents, bytes, largestBytes, readMs };
}

interface Group {
  readonly count: number;
  readonly bytes: Buffer;
  readonly largestBytes: number;
}

function groupOf(documents: readonly Buffer[]): Group {
  const largestBytes = documents.reduce((most, d) => Math.max(most, d.length), 0);
  return { count: documents.length, bytes: Buffer.concat(documents), largestBytes };
}

async function* newest(source: MongodbSource, ns: Namespace, limit: number): AsyncGenerator<Group> {
  const sort = ns.hasIdOrder ? ({ _id: -1 } as const) : ({ $natural: -1 } as const);
  let group: Buffer[] = [];
  let bytes = 0;
  try {
    const found = source.client.db(ns.database).collection(ns.storedIn).find({}, { raw: true });
    for await (const document of found.sort(sort).limit(limit)) {
      // With `raw` the driver gives the bytes of a document, whatever its types say.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const raw = document as unknown as Buffer;
      group.push(raw);
      bytes += raw.length;
      if (bytes < GROUP_BYTES) continue;
      yield groupOf(group);
      [group, bytes] = [[], 0];
    }
  } catch (error) {
    throw explainMongodb(error, source.server, ns.namespace);
  }
  if (group.length > 0) yield groupOf(group);
}
