import { join } from "node:path";
import { LineWriter } from "@firebreak/archive";
import {
  documentKey,
  readKeys,
  secondsOf,
  type ClusterTime,
  type MongodbSource,
  type Namespace,
  type RetrySettings,
  type ReadMoment,
} from "@firebreak/mongodb";
import { ChangeWriter, type WrittenChanges } from "../change-writer.ts";
import type { DeltaTarget } from "../delta-source.ts";
import { writeExpired } from "./expired-keys.ts";
import { KeyRuns, type NumberedKey } from "./key-runs.ts";
import { ttlIndexes } from "./ttl-indexes.ts";

/** The keys of one query: at most so many, or so many bytes. */
const BATCH_KEYS = 1000;
const BATCH_BYTES = 1 << 20;
/** The bytes of key lines that stay in memory. */
const MEMORY_BYTES = 16 * 1024 * 1024;

/** The source of documents, and the moment at which they are read. */
export interface StreamReading {
  readonly source: MongodbSource;
  readonly moment: ReadMoment;
  /** The time of that moment. */
  readonly time: ClusterTime;
  readonly retry: RetrySettings;
  /** Called with the documents and bytes that were read. */
  readonly count: (documents: number, bytes: number) => void;
}

/**
 * Writes the touched keys of a collection: its documents as they are, and the keys that are gone.
 *
 * A key may find a document whose equal key is written differently (1 and 1.0). That document is written
 * under its own key, and the key that found it is gone.
 */
export async function writeChanged(
  reading: StreamReading,
  target: DeltaTarget,
  ns: Namespace,
  directory: string,
  touched: KeyRuns,
): Promise<WrittenChanges> {
  const { archive, encryption, partBytes, scratch, known, identities } = target;
  const writer = new ChangeWriter({
    archive,
    directory,
    recipients: encryption?.recipients ?? [],
    partBytes,
    scratch: join(scratch, "changes"),
  });
  const indexes = ttlIndexes(ns.indexTexts);
  // Changes during a full export go into its parts, whoever deleted the documents.
  const before = target.chain.length === 0 ? undefined : known.get(ns.namespace);
  const gone = new KeyRuns(join(scratch, "gone"));
  const dues = new KeyRuns(join(scratch, "dues"));
  try {
    const others = new Map<string, Buffer>();
    for await (const batch of inBatches(touched.read())) {
      const missing = await writeFound(reading, ns, batch, writer, others);
      for (const [keyLine, deletedAt] of missing)
        if (deletedAt > 0 && indexes.length > 0 && before !== undefined) gone.add(keyLine, deletedAt);
        else await writer.delete(keyLine);
      if (gone.bytes > MEMORY_BYTES) await gone.spill();
    }
    await writeOthers(reading, ns, others, touched, writer);
    if (indexes.length > 0 && before !== undefined)
      await writeExpired(writer, gone, dues, {
        known: before,
        identities,
        indexes,
        untilSeconds: secondsOf(reading.time),
      });
    return await writer.finish();
  } catch (error) {
    await writer.close();
    throw error;
  } finally {
    await gone.clear();
    await dues.clear();
  }
}

/** Writes the documents that the keys find, and returns the key lines that find no document of their own. */
async function writeFound(
  { source, moment, retry, count }: StreamReading,
  ns: Namespace,
  keys: readonly NumberedKey[],
  writer: ChangeWriter,
  others: Map<string, Buffer>,
): Promise<Map<string, number>> {
  const lines = new LineWriter();
  const missing = new Map(keys.map(({ key, value }) => [lineOf(lines, key).toString("latin1"), value]));
  const asked = keys.map(({ key }) => key);
  for await (const documents of readKeys(source, ns, asked, moment, retry))
    for (const document of documents) {
      const key = documentKey(document);
      const keyLine = lineOf(lines, key).toString("latin1");
      if (missing.delete(keyLine)) await writer.upsert(keyLine, lineOf(lines, document));
      else others.set(key.toString("latin1"), key);
      count(1, document.length);
    }
  return missing;
}

/** Writes documents that were found by another key than their own, unless their own key was touched too. */
async function writeOthers(
  reading: StreamReading,
  ns: Namespace,
  others: Map<string, Buffer>,
  touched: KeyRuns,
  writer: ChangeWriter,
): Promise<void> {
  if (others.size === 0) return;
  for await (const { key } of touched.read()) others.delete(key.toString("latin1"));
  for await (const batch of inBatches([...others.values()].map((key) => ({ key, value: 0 }))))
    await writeFound(reading, ns, batch, writer, new Map());
}

async function* inBatches(
  keys: AsyncIterable<NumberedKey> | Iterable<NumberedKey>,
): AsyncGenerator<NumberedKey[]> {
  let batch: NumberedKey[] = [];
  let bytes = 0;
  for await (const key of keys) {
    batch.push(key);
    bytes += key.key.length;
    if (batch.length < BATCH_KEYS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Valid until the next call. */
function lineOf(lines: LineWriter, document: Buffer): Buffer {
  lines.out.clear();
  lines.write(document, 0, document.length);
  return lines.out.written();
}
