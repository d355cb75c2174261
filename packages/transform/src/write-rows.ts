import {
  collectGarbage,
  LineBuffer,
  readLines,
  type ExtraCount,
  type PartEntry,
  type TablePart,
  type ReadLine,
} from "@firebreak/archive";
import { csvRowPieces, putCsvRow } from "@firebreak/mysql-format";
import { RowHasher, TableDigest } from "@firebreak/items";
import { formOf } from "./column-plan.ts";
import { ExtraTally } from "./extra-tally.ts";
import { OwnRowMapper } from "./own-row-mapper.ts";
import type { OwnTablePlan } from "./own-table-plan.ts";
import type { Keys } from "./keys.ts";
import { LazyPart } from "./lazy-part.ts";
import { QuarantinePart } from "./quarantine-part.ts";
import { RowMapper } from "./row-mapper.ts";
import type { TablePlan } from "./table-plan.ts";

/** The length in bytes from which a line leaves so much garbage that it is collected at once. */
const HUGE_LINE = 16 << 20;

/** The task to map one source part. Files are relative to the folder that transform writes. */
export interface RowsTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly plan: TablePlan | OwnTablePlan;
  readonly folder: string;
  readonly csvFile: string;
  readonly quarantineFile: string;
  /** The lines (from 1) whose key an earlier document has. */
  readonly duplicateLines: ReadonlySet<number>;
  readonly keys: Keys;
}

export interface WrittenRows {
  readonly part: TablePart | undefined;
  readonly quarantine: PartEntry | undefined;
  /** The number of lines in quarantine, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly largestValueBytes: number;
  readonly largestRowBytes: number;
  /** True if a MySQL table that becomes itself again has dates that no calendar has. */
  readonly hasOddDates: boolean;
  readonly hasJsonDecimals: boolean;
  readonly hasEnumZeros: boolean;
  /** The counts of values in `_extra`. Empty for a MySQL table that becomes itself again. */
  readonly extra: readonly ExtraCount[];
}

/**
 * Maps one part of lines to one part of rows with its digest. Lines that cannot be rows go to quarantine.
 *
 * @param isWanted sees every line first, and returns false to leave it out.
 */
export async function writeRows(
  task: RowsTask,
  count: (lines: number, bytes: number) => void,
  isWanted: (read: ReadLine) => boolean = () => true,
): Promise<WrittenRows> {
  const { plan } = task;
  const { rowEncoding, namespace } = plan;
  const extras = plan.kind === "own" ? undefined : new ExtraTally(plan.columns);
  const mapper = plan.kind === "own" ? new OwnRowMapper(plan) : new RowMapper(plan, extras);
  const forms =
    plan.kind === "own" ? plan.columns.map((c) => c.form) : plan.columns.map((c) => formOf(c.rule));
  const hasher = new RowHasher(forms, rowEncoding);
  const digest = new TableDigest();
  const rows = new LazyPart(task.folder, task.csvFile, task.keys.recipients);
  const quarantine = new QuarantinePart({ ...task, namespace });
  let largestRowBytes = 0;
  const csv = new LineBuffer();
  let rowCount = 0;
  // A block of lines contains the end of at most one huge line, which is then the first in the block.
  let hugeRow: readonly (string | null)[] | undefined;
  let hasHugeLine = false;

  const take = (read: ReadLine): void => {
    const { line, number } = read;
    hasHugeLine ||= line.length > HUGE_LINE;
    if (!isWanted(read)) return;
    const mapped = mapper.map(read);
    const refused =
      mapped.kind === "quarantine"
        ? mapped
        : task.duplicateLines.has(number)
          ? ({ reason: "key-duplicate", field: "_id" } as const)
          : undefined;
    if (refused !== undefined) quarantine.add(read, refused);
    else if (mapped.kind === "row") {
      extras?.keep();
      if (line.length > HUGE_LINE) hugeRow = mapped.cells;
      else {
        prove(mapped.cells);
        putCsvRow(csv, mapped.cells);
        rowCount++;
      }
    }
  };
  const prove = (cells: readonly (string | null)[]): void => {
    digest.addText(hasher.hashText(cells));
    if (hasher.rowBytes > largestRowBytes) largestRowBytes = hasher.rowBytes;
  };
  const flush = async (lines: number, bytes: number): Promise<void> => {
    if (hugeRow !== undefined) {
      // The line is no longer needed. Without this collection it would stay in memory beside its cells.
      collectGarbage();
      prove(hugeRow);
      await writeHuge(rows, hugeRow);
      hugeRow = undefined;
    }
    if (rowCount > 0) await rows.write(csv.written(), rowCount);
    csv.clear();
    rowCount = 0;
    await quarantine.flush();
    if (hasHugeLine) collectGarbage();
    hasHugeLine = false;
    count(lines, bytes);
  };

  try {
    await readLines(task.sourceFile, task.part, task.keys, take, flush);
    const part = await rows.seal();
    return {
      part: part === undefined ? undefined : { ...part, digest: digest.toPlain() },
      quarantine: await quarantine.seal(),
      reasons: quarantine.reasons,
      largestValueBytes: hasher.largestValueBytes,
      largestRowBytes,
      hasOddDates: mapper instanceof OwnRowMapper && mapper.hasOddDates,
      hasJsonDecimals: mapper instanceof OwnRowMapper && mapper.hasJsonDecimals,
      hasEnumZeros: mapper instanceof OwnRowMapper && mapper.hasEnumZeros,
      extra: extras?.counts() ?? [],
    };
  } catch (error) {
    await rows.abandon();
    await quarantine.abandon();
    throw error;
  }
}

/**
 * Writes a huge row in pieces. Only the last piece ends the row. Each piece is held back until another
 * follows, because a value may also end in a piece that looks like the last one.
 */
async function writeHuge(rows: LazyPart, cells: readonly (string | null)[]): Promise<void> {
  const piece = new LineBuffer();
  const write = async (text: string, lineCount: number): Promise<void> => {
    piece.ascii(text);
    await rows.write(piece.written(), lineCount);
    piece.clear();
  };
  let held = "";
  for (const text of csvRowPieces(cells)) {
    await write(held, 0);
    held = text;
  }
  await write(held, 1);
}
