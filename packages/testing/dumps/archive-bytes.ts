import { BSON, Int32, Long } from "bson";
import { Crc64 } from "../../mongodump/src/crc64.ts";
import { metadataText } from "../../mongodump/src/metadata.ts";
import type { ReadCollection } from "./read-dump.ts";

const MAGIC = Buffer.from("6de29981", "hex");
export const TERMINATOR = Buffer.from("ffffffff", "hex");

/** An archive in the pieces that its format names, to be put together, spoilt or left out. */
export interface ArchivePieces {
  readonly magic: Buffer;
  readonly header: Buffer;
  readonly entries: readonly Buffer[];
  readonly segments: readonly Buffer[];
}

export function archiveBytes({ magic, header, entries, segments }: ArchivePieces): Buffer {
  return Buffer.concat([magic, header, ...entries, TERMINATOR, ...segments]);
}

/** As mongodump writes it: the collections interleaved, segments of two documents, each ended with its CRC. */
export function archivePieces(collections: readonly ReadCollection[]): ArchivePieces {
  const rests = collections.map((c) => ({ of: c, documents: documentsOf(c), at: 0, isEnded: false }));
  const segments: Buffer[] = [];
  while (rests.some((r) => !r.isEnded))
    for (const rest of rests.filter((r) => !r.isEnded)) {
      if (rest.at < rest.documents.length)
        segments.push(segment(rest.of, rest.documents.slice(rest.at, rest.at + 2)));
      else segments.push(ending(rest.of));
      rest.isEnded = rest.at >= rest.documents.length;
      rest.at += 2;
    }
  return {
    magic: MAGIC,
    header: bytesOf({
      concurrent_collections: new Int32(4),
      version: "0.1",
      server_version: "6.0.5",
      tool_version: "100.18.0",
    }),
    entries: collections.map((c) => entry(c, metadataText(c))),
    segments,
  };
}

export function entry({ database, collection, kind }: ReadCollection, metadata: string): Buffer {
  const type = kind === "capped" ? "collection" : kind;
  return bytesOf({ db: database, collection, metadata, size: new Int32(0), type });
}

export function segment(collection: ReadCollection, documents: readonly Buffer[]): Buffer {
  return Buffer.concat([header(collection, false, 0n), ...documents, TERMINATOR]);
}

/** The segment without documents that ends a collection. */
export function ending(collection: ReadCollection, flippedBits = 0n): Buffer {
  const crc = new Crc64();
  for (const document of documentsOf(collection)) crc.update(document);
  return Buffer.concat([header(collection, true, crc.value ^ flippedBits), TERMINATOR]);
}

export function documentsOf({ documents }: ReadCollection): Buffer[] {
  return documents.map((hex) => Buffer.from(hex, "hex"));
}

function header({ database, collection, kind }: ReadCollection, isEnd: boolean, crc: bigint): Buffer {
  const name = kind === "timeseries" ? `system.buckets.${collection}` : collection;
  return bytesOf({ db: database, collection: name, EOF: isEnd, CRC: Long.fromBigInt(crc) });
}

function bytesOf(document: object): Buffer {
  return Buffer.from(BSON.serialize(document));
}
