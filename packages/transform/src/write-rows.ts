import { dirname, join } from "node:path";
import { mkdir } from "node:fs/promises";
import {
  CSV_DIALECT,
  diskFault,
  PartWriter,
  RowHasher,
  TableDigest,
  type PartEntry,
  type TablePart,
} from "@firebreak/archive";
import { stringify } from "csv-stringify/sync";
import { formOf } from "./column-plan.ts";
import { readLines, type ReadLine } from "./read-lines.ts";
import { RowMapper } from "./row-mapper.ts";
import type { TablePlan } from "./table-plan.ts";

/** One source part to be mapped. Files are relative to the folder that transform writes. */
export interface RowsTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly plan: TablePlan;
  readonly folder: string;
  readonly csvFile: string;
  readonly quarantineFile: string;
  /** Lines (from 1) whose key an earlier document has. */
  readonly duplicateLines: ReadonlySet<number>;
}

export interface WrittenRows {
  readonly part: TablePart | undefined;
  readonly quarantine: PartEntry | undefined;
  readonly largestValueBytes: number;
  readonly largestRowBytes: number;
}

/** Maps one part of lines to one part of rows with its digest, and what cannot be a row to quarantine. */
export async function writeRows(
  task: RowsTask,
  count: (lines: number, bytes: number) => void,
): Promise<WrittenRows> {
  const { columns, rowEncoding, namespace } = task.plan;
  const mapper = new RowMapper(task.plan);
  const hasher = new RowHasher(
    columns.map((c) => formOf(c.rule)),
    rowEncoding,
  );
  const digest = new TableDigest();
  const rows = new LazyPart(task.folder, task.csvFile);
  const quarantine = new LazyPart(task.folder, task.quarantineFile);
  let largestRowBytes = 0;
  let batch: (string | null)[][] = [];
  const setAside: string[] = [];

  const take = ({ line, document }: ReadLine, lineNumber: number): void => {
    const mapped = mapper.map(line, document);
    const refused =
      mapped.kind === "quarantine"
        ? mapped
        : task.duplicateLines.has(lineNumber)
          ? ({ reason: "key-duplicate", field: "_id" } as const)
          : undefined;
    if (refused !== undefined) {
      const { reason, field } = refused;
      setAside.push(
        `${JSON.stringify({ namespace, part: task.part.file, line: lineNumber, reason, field, document: line })}\n`,
      );
    } else if (mapped.kind === "row") {
      digest.add(hasher.hash(mapped.cells));
      if (hasher.rowBytes > largestRowBytes) largestRowBytes = hasher.rowBytes;
      batch.push(mapped.cells);
    }
  };
  const flush = async (lines: number, bytes: number): Promise<void> => {
    if (batch.length > 0) await rows.write(csvText(batch), batch.length);
    for (const line of setAside.splice(0)) await quarantine.write(line, 1);
    batch = [];
    count(lines, bytes);
  };

  try {
    await readLines(task.sourceFile, task.part, take, flush);
    const part = await rows.seal();
    return {
      part: part === undefined ? undefined : { ...part, digest: digest.toPlain() },
      quarantine: await quarantine.seal(),
      largestValueBytes: hasher.largestValueBytes,
      largestRowBytes,
    };
  } catch (error) {
    await rows.abandon();
    await quarantine.abandon();
    throw error;
  }
}

function csvText(rows: (string | null)[][]): string {
  return stringify(rows, {
    delimiter: CSV_DIALECT.delimiter,
    quote: CSV_DIALECT.quote,
    record_delimiter: CSV_DIALECT.rowDelimiter,
    quoted_string: true,
    cast: {
      null: () => ({ value: CSV_DIALECT.null, quoted: false, quoted_string: false }) as unknown as string,
    },
  });
}

/** A part that is begun with its first line: what has no lines has no file. */
class LazyPart {
  readonly #folder: string;
  readonly #file: string;
  #writer: PartWriter | undefined;
  #lineCount = 0;

  constructor(folder: string, file: string) {
    this.#folder = folder;
    this.#file = file;
  }

  async write(text: string, lineCount: number): Promise<void> {
    if (this.#writer === undefined) {
      const path = join(this.#folder, this.#file);
      await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
        throw diskFault(error, path);
      });
      this.#writer = await PartWriter.open(path);
    }
    this.#lineCount += lineCount;
    await this.#writer.write(Buffer.from(text, "utf8"));
  }

  async seal(): Promise<PartEntry | undefined> {
    if (this.#writer === undefined) return undefined;
    return { file: this.#file, ...(await this.#writer.seal()), lineCount: this.#lineCount };
  }

  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }
}
