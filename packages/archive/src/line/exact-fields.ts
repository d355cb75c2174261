import { BSON } from "bson";
import { LineEncoder } from "./encode-line.ts";

/** How a line begins whose document canonical Extended JSON cannot say. */
export const RAW_LINE_START = '{"$firebreak":{"bson":"';

/**
 * One top-level field of a document, with what JSON.parse would lose: its text
 * as written. From a raw line also its BSON element, and no name or text where
 * those are what cannot be said.
 */
export interface ExactField {
  readonly name: string | undefined;
  readonly text: string | undefined;
  readonly element: Buffer | undefined;
}

/** The top-level fields of a line, in order, exactly. Slow: for the lines that need it. */
export function exactFields(line: string): ExactField[] {
  return line.startsWith(RAW_LINE_START) ? rawFields(line) : splitObject(line);
}

/** The BSON document of a raw line. */
export function rawLineDocument(line: string): Buffer {
  const value = JSON.parse(line) as { $firebreak: { bson: string } };
  return Buffer.from(value.$firebreak.bson, "base64");
}

/** A raw line of the document made of these elements. */
export function rawLineOf(elements: readonly Buffer[]): string {
  const length = Buffer.alloc(4);
  length.writeInt32LE(elements.reduce((sum, e) => sum + e.length, 5));
  return `${RAW_LINE_START}${Buffer.concat([length, ...elements, Buffer.alloc(1)]).toString("base64")}"}}`;
}

function rawFields(line: string): ExactField[] {
  const document = rawLineDocument(line);
  const encoder = new LineEncoder();
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return [...BSON.onDemand.parseToElements(document)].map(
    ([type, nameOffset, nameLength, offset, length]) => {
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
        text: isText ? encoder.out.written().toString("utf8") : undefined,
        element: document.subarray(nameOffset - 1, offset + length),
      };
    },
  );
}

/** Cuts the text of an object into its fields without reading the values, so that their order inside stays. */
function splitObject(line: string): ExactField[] {
  const fields: ExactField[] = [];
  let depth = 0;
  let start = 1;
  let colon = -1;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if (letter === '"') at = stringEnd(line, at);
    else if (letter === "{" || letter === "[") depth++;
    else if (letter === ":" && depth === 1 && colon < 0) colon = at;
    else if ((letter === "," && depth === 1) || ((letter === "}" || letter === "]") && --depth === 0)) {
      if (colon >= 0)
        fields.push({
          name: JSON.parse(line.slice(start, colon)) as string,
          text: line.slice(colon + 1, at),
          element: undefined,
        });
      start = at + 1;
      colon = -1;
    }
  }
  return fields;
}

/** Where the string that opens at `at` closes. */
function stringEnd(line: string, at: number): number {
  for (let end = line.indexOf('"', at + 1); ; end = line.indexOf('"', end + 1)) {
    let slashes = 0;
    while (line[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end;
  }
}
