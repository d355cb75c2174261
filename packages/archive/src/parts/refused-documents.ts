import { z } from "zod";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { readRefusedLines } from "./refused-lines.ts";

const schema = z.object({
  collection: z.string(),
  part: z.string(),
  /** The line in the part, from 1. */
  line: z.number(),
  /** The fields that the server's reason is about, as far as it says. */
  fields: z.array(z.string()),
  /** The server's error code. */
  errno: z.number(),
  message: z.string(),
  namespace: z.string(),
  /** The line of the source that the document was made of. */
  source: z.object({ part: z.string(), line: z.number() }),
  /** The document's unchanged line in the part. */
  document: z.string(),
});

/** A document that the target refused, with the reason. */
export type RefusedDocument = Readonly<z.infer<typeof schema>>;

/** @throws {FirebreakError} `file-missing`, `part-content`, `line-unreadable`, … */
export function readRefusedDocuments(
  folder: string,
  entry: PartEntry,
  identities?: readonly string[],
): AsyncGenerator<RefusedDocument> {
  return readRefusedLines(folder, entry, identities, (value) => schema.parse(value));
}
