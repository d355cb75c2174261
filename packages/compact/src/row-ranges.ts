import {
  keyIndexOf,
  LineFields,
  lineFormOf,
  stringOf,
  type LineForm,
  type RangeCut,
  type RangePlan,
  type SourceColumn,
  type SourceTable,
} from "@firebreak/archive";

/** As export has them (packages/mysql/src/source/row-ranges.ts). */
const SAMPLE_ROWS = 4;
const MOST_SAMPLE_ROWS = 256;
const SAMPLE_BYTES = 4 * 1024 * 1024;
const FILLING = 0.9;
const WRAPPED_BYTES = 30;
const QUOTED_BYTES = 3;
const BINARY_BYTES = 46;

/** Types that a range can be bounded by (packages/mysql/src/source/row-order.ts). */
const BOUNDING: ReadonlySet<string> = new Set([
  "tinyint",
  "smallint",
  "mediumint",
  "int",
  "bigint",
  "decimal",
  "year",
  "date",
  "datetime",
  "timestamp",
  "time",
  "uuid",
  "binary",
  "varbinary",
  "char",
  "varchar",
]);

/** The leading columns of the key by which an export can bound ranges; none where a table is one range. */
export function boundColumns(table: SourceTable): string[] {
  const columns = new Map(table.columns.map((c) => [c.name, c]));
  const names = keyIndexOf(table)?.columns.map(({ name }) => name) ?? [];
  const end = names.findIndex((name) => !BOUNDING.has(columns.get(name)!.dataType.toLowerCase()));
  return end < 0 ? names : names.slice(0, end);
}

/**
 * Ranges of rows as an export plans them: each as many as fit a part by the size
 * of the first few hundred of it, up to a key that can bound it.
 */
export class RowRanges implements RangePlan {
  readonly #partBytes: number;
  readonly #sizeOf: (line: string) => { readonly bytes: number; readonly bound: string };
  /** Of the rows from where the range begins on: their sizes, and where the rows of the same bound begin. */
  #sizes: number[] = [];
  #groups: number[] = [];
  #bound = "";
  #rowCount: number | undefined;
  #isEnd = false;
  /** Where the first border is the first row's own, the range in front of it is empty. */
  #firstRange: number | undefined;
  /** Of each range but the last. */
  readonly #lengths: number[] = [];

  constructor(table: SourceTable, bounds: readonly string[], partBytes: number) {
    this.#partBytes = partBytes;
    this.#sizeOf = rowSizes(table, bounds);
  }

  look(line: string): void {
    const { bytes, bound } = this.#sizeOf(line);
    const isSame = this.#sizes.length > 0 && bound === this.#bound;
    this.#groups.push(isSame ? this.#groups.at(-1)! : this.#sizes.length);
    this.#sizes.push(bytes);
    this.#bound = bound;
    this.#endRanges();
  }

  cut(): RangeCut {
    this.#isEnd = true;
    this.#endRanges();
    const lengths = [...this.#lengths];
    let range = this.#firstRange ?? 0;
    let left = lengths.shift() ?? Infinity;
    return {
      rangeOf: () => {
        if (left === 0) {
          range++;
          left = lengths.shift() ?? Infinity;
        }
        left--;
        return range;
      },
    };
  }

  #endRanges(): void {
    for (;;) {
      this.#rowCount ??= this.#rowsOfRange();
      if (this.#rowCount === undefined || this.#sizes.length <= this.#rowCount) return;
      let end = this.#groups[this.#rowCount]!;
      // More rows than these have the same bound: the range goes on to the next that has not.
      if (end === 0) this.#firstRange ??= this.#lengths.length === 0 ? 1 : 0;
      if (end === 0) end = this.#groups.findIndex((group) => group > 0);
      if (end < 0) return;
      this.#lengths.push(end);
      this.#sizes = this.#sizes.slice(end);
      this.#groups = this.#groups.slice(end).map((group) => group - end);
      this.#rowCount = undefined;
      this.#firstRange ??= 0;
    }
  }

  /** Undefined until enough rows were looked at. */
  #rowsOfRange(): number | undefined {
    const first = this.#average(SAMPLE_ROWS);
    if (first === undefined) return undefined;
    const sampleRows = Math.min(MOST_SAMPLE_ROWS, Math.floor(SAMPLE_BYTES / first));
    const average = sampleRows > SAMPLE_ROWS ? this.#average(sampleRows) : first;
    return average === undefined ? undefined : Math.max(1, Math.floor((this.#partBytes * FILLING) / average));
  }

  #average(rows: number): number | undefined {
    if (this.#sizes.length < rows && !this.#isEnd) return undefined;
    const looked = this.#sizes.slice(0, rows);
    return Math.max(1, looked.reduce((sum, size) => sum + size, 0) / Math.max(1, looked.length));
  }
}

/** How many bytes an export takes a row's line for, and the values that bound it. */
function rowSizes(
  table: SourceTable,
  bounds: readonly string[],
): (line: string) => { readonly bytes: number; readonly bound: string } {
  const columns = table.columns.filter((c) => !c.isGenerated);
  const names = columns.reduce((sum, { name }) => sum + Buffer.byteLength(name) + 4, 2);
  const sizes = columns.map((c) => valueSize(lineFormOf(c), c));
  const fields = new LineFields();
  return (line) => {
    fields.read(line, 0, line.length);
    let bytes = names;
    for (const [i, size] of sizes.entries()) bytes += size(fields.kinds[i]!, fields.contents[i]!);
    const bound = bounds.map((name) => fields.text(fields.names.indexOf(name))).join();
    return { bytes, bound };
  };
}

function valueSize(form: LineForm, column: SourceColumn): (kind: string, content: string) => number {
  switch (form) {
    case "text":
    case "characters": {
      const length = storedLength(column.characterSet?.toLowerCase() ?? "utf8mb4");
      return (kind, content) => {
        if (kind === "null") return QUOTED_BYTES;
        return QUOTED_BYTES + (kind === "binary" ? binaryLength(content) : length(stringOf(content)));
      };
    }
    case "binary":
      // The server keeps four digits of a division.
      return (kind, content) =>
        kind === "null" ? 4 : Math.round((BINARY_BYTES + (binaryLength(content) * 4) / 3) * 1e4) / 1e4;
    default:
      return () => WRAPPED_BYTES;
  }
}

function binaryLength(base64: string): number {
  return Buffer.byteLength(base64, "base64");
}

const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "binary", "ascii"]);
const DOUBLE_BYTES: ReadonlySet<string> = new Set(["gbk", "gb2312", "big5", "euckr", "sjis", "cp932"]);

/** How many bytes a text has in the character set that the server keeps it in. */
function storedLength(characterSet: string): (text: string) => number {
  if (UTF8.has(characterSet)) return (text) => text.length;
  const real = (text: string): string => Buffer.from(text, "latin1").toString("utf8");
  if (/^(?:ucs2|utf16)/.test(characterSet)) return (text) => real(text).length * 2;
  if (characterSet === "utf32") return (text) => [...real(text)].length * 4;
  const wide = DOUBLE_BYTES.has(characterSet) ? 2 : 1;
  return (text) => [...real(text)].reduce((sum, c) => sum + (c <= "\x7f" ? 1 : wide), 0);
}
