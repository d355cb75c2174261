import type { LineBuffer } from "../line-buffer.ts";
import { END_END, RAW } from "../tokens.ts";

/** Appends the line that holds these very bytes, for a document that canonical Extended JSON cannot say. */
export function writeRawLine(out: LineBuffer, source: Buffer, start: number, end: number): void {
  out.put(RAW);
  out.ascii(source.toString("base64", start, end));
  out.put(END_END);
}
