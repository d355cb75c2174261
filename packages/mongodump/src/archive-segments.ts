import { cutArchive, MAGIC_BYTES, type PreludeEntry, smallDocument, textIn } from "./archive-prelude.ts";
import { Crc64 } from "./crc64.ts";
import { DocumentCutter, isTerminator } from "./document-cutter.ts";
import { BUCKETS_PREFIX, type DumpBatch } from "./dump.ts";
import { dumpReason } from "./mongodump-reasons.ts";

/** The documents of a collection. They are in any number of segments, between those of other collections. */
interface CollectionStream {
  readonly namespace: string;
  readonly crc: Crc64;
  isEnded: boolean;
}

/**
 * Reads an archive once from beginning to end, and yields the documents of the wanted collections as they
 * come. Every collection is checked, wanted or not.
 *
 * @throws {FirebreakError} `dump-damaged` if the file ends too soon, or if a collection is not listed,
 * continues after its end or does not have the CRC stated for it.
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
        if (stream.isEnded)
          throw cutter.damage(dumpReason("stream-goes-on", { namespace: stream.namespace }));
        stream.crc.update(unit);
        if (wanted.has(stream.namespace)) documents.push(unit);
      }
    }
    if (documents.length > 0) yield { namespace: stream!.namespace, documents, isLast: false };
    documents = [];
  }
  if (awaited !== "header") throw cutter.damage(dumpReason("segment-cut-short"));
  for (const { namespace, isEnded } of streams.values())
    if (!isEnded) throw cutter.damage(dumpReason("stream-cut-short", { namespace }));
}

/**
 * Returns the streams by the names that segments have. A time-series collection has one stream, under two
 * names: its buckets' and its own.
 */
function streamsOf(entries: readonly PreludeEntry[]): Map<string, CollectionStream> {
  const streams = new Map<string, CollectionStream>();
  for (const { database, collection, type } of entries) {
    const stream = { namespace: `${database}.${collection}`, crc: new Crc64(), isEnded: false };
    streams.set(stream.namespace, stream);
    if (type === "timeseries") streams.set(`${database}.${BUCKETS_PREFIX}${collection}`, stream);
  }
  return streams;
}

/** Returns the stream that a segment belongs to. A header that marks its end has the CRC. */
function streamOfHeader(
  unit: Buffer,
  streams: ReadonlyMap<string, CollectionStream>,
  cutter: DocumentCutter,
): CollectionStream {
  if (isTerminator(unit))
    throw cutter.damage(dumpReason("terminator-misplaced", { instead: "segment-header" }));
  const header = smallDocument(unit, cutter);
  const name = `${textIn(header, "db")}.${textIn(header, "collection")}`;
  const stream = streams.get(name);
  if (stream === undefined) throw cutter.damage(dumpReason("stream-unlisted", { namespace: name }));
  if (stream.isEnded) throw cutter.damage(dumpReason("stream-goes-on", { namespace: stream.namespace }));
  if (header.get("EOF") !== true) return stream;
  const expected = header.get("CRC");
  if (expected !== stream.crc.value)
    throw cutter.damage(
      dumpReason("crc", {
        namespace: stream.namespace,
        found: String(stream.crc.value),
        expected: String(expected),
      }),
    );
  stream.isEnded = true;
  return stream;
}
