import { smallDocument, textIn, type PreludeEntry } from "./archive-prelude.ts";
import { cutArchive, MAGIC_BYTES } from "./archive-stream.ts";
import { Crc64 } from "./crc64.ts";
import { DocumentCutter, isTerminator } from "./document-cutter.ts";
import { BUCKETS_PREFIX, type DumpBatch } from "./dump.ts";

/** A collection's documents, which stand in any number of segments among those of others. */
interface CollectionStream {
  readonly namespace: string;
  readonly crc: Crc64;
  isEnded: boolean;
}

/**
 * Reads an archive from begin to end, once, and yields the documents of the
 * wanted collections as they come. Every collection is checked, wanted or not.
 *
 * @throws {FirebreakError} `dump-damaged` where the file ends too soon, a
 * collection is not listed, goes on after its end or has another CRC than it says.
 */
export async function* readSegments(
  file: string,
  entries: readonly PreludeEntry[],
  wanted: ReadonlySet<string>,
): AsyncGenerator<DumpBatch> {
  const cutter = new DocumentCutter(file, MAGIC_BYTES);
  const streams = streamsOf(entries);
  let awaited: "prelude's end" | "header" | "documents" = "prelude's end";
  let stream: CollectionStream | undefined;
  let documents: Buffer[] = [];

  for await (const units of cutArchive(file, cutter)) {
    for (const unit of units) {
      if (awaited === "header") {
        stream = streamOfHeader(unit, streams, cutter);
        awaited = "documents";
        if (stream.isEnded && wanted.has(stream.namespace))
          yield { namespace: stream.namespace, documents: [], isLast: true };
      } else if (isTerminator(unit)) {
        awaited = "header";
        if (documents.length > 0) yield { namespace: stream!.namespace, documents, isLast: false };
        documents = [];
      } else if (stream !== undefined) {
        if (stream.isEnded) throw cutter.damage(`${stream.namespace} goes on after its end`);
        stream.crc.update(unit);
        if (wanted.has(stream.namespace)) documents.push(unit);
      }
    }
    if (documents.length > 0) yield { namespace: stream!.namespace, documents, isLast: false };
    documents = [];
  }
  if (awaited !== "header") throw cutter.damage("it ends inside a segment");
  for (const { namespace, isEnded } of streams.values())
    if (!isEnded) throw cutter.damage(`it ends before ${namespace} is complete`);
}

/** By the name that a segment has; a time-series collection has one stream, under the name of its buckets or its own. */
function streamsOf(entries: readonly PreludeEntry[]): Map<string, CollectionStream> {
  const streams = new Map<string, CollectionStream>();
  for (const { database, collection, type } of entries) {
    const stream = { namespace: `${database}.${collection}`, crc: new Crc64(), isEnded: false };
    streams.set(stream.namespace, stream);
    if (type === "timeseries") streams.set(`${database}.${BUCKETS_PREFIX}${collection}`, stream);
  }
  return streams;
}

/** The stream that a segment belongs to; ended from here on if the header says so, which then has the CRC. */
function streamOfHeader(
  unit: Buffer,
  streams: ReadonlyMap<string, CollectionStream>,
  cutter: DocumentCutter,
): CollectionStream {
  if (isTerminator(unit)) throw cutter.damage("a terminator stands in place of a segment's header");
  const header = smallDocument(unit, cutter);
  const name = `${textIn(header, "db")}.${textIn(header, "collection")}`;
  const stream = streams.get(name);
  if (stream === undefined) throw cutter.damage(`it has documents of ${name}, which its list does not name`);
  if (stream.isEnded) throw cutter.damage(`${stream.namespace} goes on after its end`);
  if (header.get("EOF") !== true) return stream;
  const expected = header.get("CRC");
  if (expected !== stream.crc.value)
    throw cutter.damage(
      `the CRC of ${stream.namespace} is ${String(stream.crc.value)}, and ${String(expected)} was expected`,
    );
  stream.isEnded = true;
  return stream;
}
