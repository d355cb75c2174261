import { z } from "zod";
import { partSchema, type PartEntry, QuarantineWriter, readRefusedLines } from "@firebreak/archive";

/** A row that the target refused, with the reason. */
export interface RefusedRow {
  readonly table: string;
  readonly part: string;
  /** The row's number in the part, from 1. */
  readonly row: number;
  /** The columns that the server's reason is about, as far as it says. */
  readonly columns: readonly string[];
  /** The server's error number; 0 if it changed the row without an error. */
  readonly errno: number;
  readonly message: string;
  readonly namespace: string;
  /** The document that the row was made of. */
  readonly source: { readonly part: string; readonly line: number };
  /** The row as it is in the part, with its line end. On disk it is text, or base64 if it is no UTF-8. */
  readonly csv: Buffer;
  /** For a row to be merged: the target's row with the same key and other values, as `csv`. */
  readonly found?: Buffer | undefined;
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
    found: z.string().optional(),
    foundBase64: z.string().optional(),
  })
  .refine((line) => line.csv !== undefined || line.csvBase64 !== undefined);

/** Seals rows, at least one, into `FOLDER/FILE`. The entry finds and proves the file later. */
export async function writeRefusedRows(
  folder: string,
  file: string,
  rows: AsyncIterable<RefusedRow>,
  recipients: readonly string[],
): Promise<PartEntry> {
  const writer = new QuarantineWriter({ folder, file, recipients });
  try {
    for await (const { csv, found, ...facts } of rows)
      await writer.write({
        ...facts,
        ...inLine("csv", csv),
        ...(found === undefined ? {} : inLine("found", found)),
      });
    const entry = await writer.seal();
    if (entry === undefined) throw new Error("there are no rows");
    return entry;
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

/** Reads an entry from its text in the ledger; returns undefined for text that is none. */
export function parsePartEntry(text: string): PartEntry | undefined {
  try {
    return partSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function inLine(name: "csv" | "found", bytes: Buffer): Readonly<Record<string, string>> {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes)
    ? { [name]: text }
    : { [`${name}Base64`]: bytes.toString("base64") };
}

function toRow(value: unknown): RefusedRow {
  const { csv, csvBase64, found, foundBase64, ...facts } = lineSchema.parse(value);
  const ofTarget = bytesOf(found, foundBase64);
  return {
    ...facts,
    csv: bytesOf(csv, csvBase64)!,
    ...(ofTarget === undefined ? {} : { found: ofTarget }),
  };
}

function bytesOf(text: string | undefined, base64: string | undefined): Buffer | undefined {
  if (text !== undefined) return Buffer.from(text, "utf8");
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}
