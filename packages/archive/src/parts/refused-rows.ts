import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { archiveFault, diskFault } from "../archive-faults.ts";
import { partSchema, type PartEntry } from "../manifest/schema-parts.ts";
import { AGE_SUFFIX } from "../protection/age-file.ts";
import { readPart } from "./part-reader.ts";
import { PartWriter } from "./part-writer.ts";

/** Below `--work`: what targets refused. */
export const LOAD_QUARANTINE = "load-quarantine";

const NEWLINE = 0x0a;

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
  const name = recipients.length === 0 ? file : `${file}${AGE_SUFFIX}`;
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, path);
  });
  const writer = await PartWriter.open(path, recipients);
  let lineCount = 0;
  try {
    for await (const { csv, ...facts } of rows) {
      const text = csv.toString("utf8");
      const content = Buffer.from(text, "utf8").equals(csv)
        ? { csv: text }
        : { csvBase64: csv.toString("base64") };
      await writer.write(Buffer.from(`${JSON.stringify({ ...facts, ...content })}\n`, "utf8"));
      lineCount++;
    }
    return { file: name, ...(await writer.seal()), lineCount };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** @throws {FirebreakError} `file-missing`, `part-content`, `line-unreadable`, … */
export async function* readRefusedRows(
  folder: string,
  entry: PartEntry,
  identities?: readonly string[],
): AsyncGenerator<RefusedRow> {
  const path = join(folder, entry.file);
  const pending: Buffer[] = [];
  let line = 0;
  for await (const block of readPart(path, path, entry, { identities })) {
    let from = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, from)) {
      pending.push(block.subarray(from, end));
      yield toRow(Buffer.concat(pending.splice(0)).toString("utf8"), path, ++line);
      from = end + 1;
    }
    if (from < block.length) pending.push(block.subarray(from));
  }
}

/** The entry as text, for the ledger; undefined for text that is none. */
export function parsePartEntry(text: string): PartEntry | undefined {
  try {
    return partSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toRow(text: string, file: string, line: number): RefusedRow {
  try {
    const { csv, csvBase64, ...facts } = lineSchema.parse(JSON.parse(text));
    return {
      ...facts,
      csv: csv === undefined ? Buffer.from(csvBase64!, "base64") : Buffer.from(csv, "utf8"),
    };
  } catch (error) {
    throw archiveFault("line-unreadable", { file, line, reason: "it is no refused row" }, error);
  }
}
