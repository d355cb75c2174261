import { z } from "zod";
import { partSchema, type PartEntry } from "../manifest/schema-parts.ts";
import { readRefusedLines, RefusedLinesWriter } from "./refused-lines.ts";

/** A row that the target refused, and why. */
export interface RefusedRow {
  readonly table: string;
  readonly part: string;
  /** Of the part, from 1. */
  readonly row: number;
  /** Those that the server's reason is about, as far as it says. */
  readonly columns: readonly string[];
  /** The server's error number; 0 where it took the row for something else without an error. */
  readonly errno: number;
  readonly message: string;
  readonly namespace: string;
  /** The document it was made of. */
  readonly source: { readonly part: string; readonly line: number };
  /** The row as it stands in the part, line end included. On disk text, or base64 where it is no UTF-8. */
  readonly csv: Buffer;
}

const lineSchema = z
  .object({
    table: z.string(),
    part: z.string(),
    row: z.number(),
    columns: z.array(z.string()),
    errno: z.number(),
    message: z.string(),
    namespace: z.string(),
    source: z.object({ part: z.string(), line: z.number() }),
    csv: z.string().optional(),
    csvBase64: z.string().optional(),
  })
  .refine((line) => line.csv !== undefined || line.csvBase64 !== undefined);

/** Seals rows into `FOLDER/FILE`; the entry is what proves and finds them again. */
export async function writeRefusedRows(
  folder: string,
  file: string,
  rows: AsyncIterable<RefusedRow>,
  recipients: readonly string[],
): Promise<PartEntry> {
  const writer = await RefusedLinesWriter.open(folder, file, recipients);
  try {
    for await (const { csv, ...facts } of rows) {
      const text = csv.toString("utf8");
      const content = Buffer.from(text, "utf8").equals(csv)
        ? { csv: text }
        : { csvBase64: csv.toString("base64") };
      await writer.write({ ...facts, ...content });
    }
    return await writer.seal();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** @throws {FirebreakError} `file-missing`, `part-content`, `line-unreadable`, … */
export function readRefusedRows(
  folder: string,
  entry: PartEntry,
  identities?: readonly string[],
): AsyncGenerator<RefusedRow> {
  return readRefusedLines(folder, entry, identities, toRow);
}

/** The entry as text, for the ledger; undefined for text that is none. */
export function parsePartEntry(text: string): PartEntry | undefined {
  try {
    return partSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toRow(value: unknown): RefusedRow {
  const { csv, csvBase64, ...facts } = lineSchema.parse(value);
  return { ...facts, csv: csv === undefined ? Buffer.from(csvBase64!, "base64") : Buffer.from(csv, "utf8") };
}
