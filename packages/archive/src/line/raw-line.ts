import { BSON } from "bson";
import { z } from "zod";
import { LineEncoder } from "./writing/encode-line.ts";

/** The start of a line whose document canonical Extended JSON cannot say. */
export const RAW_LINE_START = '{"$firebreak":{"bson":"';

const rawLineSchema = z.object({ $firebreak: z.object({ bson: z.string() }) });

/**
 * A top-level field of a raw line's document: its BSON element, with its name and text if text can say them.
 */
export interface RawField {
  readonly name: string | undefined;
  /** Byte text. */
  readonly text: string | undefined;
  readonly element: Buffer;
}

/** Returns the BSON document of a raw line. */
export function rawLineDocument(line: string): Buffer {
  return Buffer.from(rawLineSchema.parse(JSON.parse(line)).$firebreak.bson, "base64");
}

/** Returns the raw line of the document made of these elements. */
export function rawLineOf(elements: readonly Buffer[]): string {
  const length = Buffer.alloc(4);
  length.writeInt32LE(elements.reduce((sum, e) => sum + e.length, 5));
  return `${RAW_LINE_START}${Buffer.concat([length, ...elements, Buffer.alloc(1)]).toString("base64")}"}}`;
}

/**
 * Returns the top-level fields of a raw line, in order. Returns undefined if its bytes are no document, as in
 * some dumps. It is slow, but such lines are few.
 */
export function rawFields(line: string): RawField[] | undefined {
  const document = rawLineDocument(line);
  const elements = elementsOf(document);
  if (elements === undefined) return undefined;
  const encoder = new LineEncoder();
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return elements.map(([type, nameOffset, nameLength, offset, length]) => {
    let name: string | undefined;
    try {
      name = utf8.decode(document.subarray(nameOffset, nameOffset + nameLength));
    } catch {
      name = undefined;
    }
    encoder.out.clear();
    const isText = encoder.encodeValue(document, type & 0xff, offset, offset + length);
    return {
      name,
      text: isText ? encoder.out.written().toString("latin1") : undefined,
      element: document.subarray(nameOffset - 1, offset + length),
    };
  });
}

function elementsOf(document: Buffer): BSON.OnDemand["BSONElement"][] | undefined {
  try {
    return [...BSON.onDemand.parseToElements(document)];
  } catch {
    return undefined;
  }
}
