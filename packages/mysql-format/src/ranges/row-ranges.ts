import { LineFields, type SourceColumn, type SourceTable, stringOf } from "@firebreak/archive";
import {
  MOST_SAMPLE_ROWS,
  type RangeCut,
  type RangePlan,
  rowsOfRange,
  SAMPLE_ROWS,
  sampleRows,
} from "@firebreak/items";
import { type LineForm, lineFormOf } from "../values/line-form.ts";
import { keyIndexOf } from "../values/row-order.ts";
import { boundType } from "./bound-type.ts";

/** The approximate number of bytes around a value in a line, by its form, and of a binary NULL. */
export const VALUE_BYTES = { wrapped: 30, quoted: 3, binary: 46, null: 4 } as const;

/** Returns the number of bytes that the names of columns take in a line. */
export function namesBytes(columns: readonly { readonly name: string }[]): number {
  return columns.reduce((sum, { name }) => sum + Buffer.byteLength(name) + 4, 2);
}

/** Returns the leading key columns by which an export can bound ranges. Empty if a table is one range. */
export function boundColumns(table: SourceTable): string[] {
  const columns = new Map(table.columns.map((c) => [c.name, c]));
  const names = keyIndexOf(table)?.columns.map(({ name }) => name) ?? [];
  const end = names.findIndex((name) => boundType(columns.get(name)!) === undefined);
  return end < 0 ? names : names.slice(0, end);
}

/** Consecutive rows with the same values in the columns that bound ranges. */
interface Group {
  /** The position of its first row in the range. */
  readonly start: number;
  /** The sizes of its first rows, as many as a sample takes. */
  readonly sizes: number[];
}

/**
 * Cuts ranges of rows as an export plans them. A range gets as many rows as fit a part, by the size of its
 * first few hundred rows, up to a key that can bound it. Memory holds a sample of the range's rows and of its
 * last group. Each row takes the same time, however many rows have the same bound.
 */
export class RowRanges implements RangePlan {
  readonly #partBytes: number;
  readonly #sizeOf: (line: string) => { readonly bytes: number; readonly bound: string };
  /**
   * The current range: its number of rows, and for its first rows the sizes and the starts of their groups.
   */
  #count = 0;
  #sizes: number[] = [];
  #groups: number[] = [];
  #last: Group = { start: 0, sizes: [] };
  #bound = "";
  #rowCount: number | undefined;
  #isEnd = false;
  /**
   * The number of the first range. If the first border is the first row's own, the range before it is empty.
   */
  #firstRange: number | undefined;
  /** The row counts of all ranges but the last. */
  readonly #lengths: number[] = [];

  constructor(table: SourceTable, bounds: readonly string[], partBytes: number) {
    this.#partBytes = partBytes;
    this.#sizeOf = rowSizes(table, bounds);
  }

  look(line: string): void {
    const { bytes, bound } = this.#sizeOf(line);
    if (this.#count === 0 || bound !== this.#bound) this.#last = { start: this.#count, sizes: [] };
    if (this.#last.sizes.length < MOST_SAMPLE_ROWS) this.#last.sizes.push(bytes);
    if (this.#count < MOST_SAMPLE_ROWS) {
      this.#sizes.push(bytes);
      this.#groups.push(this.#last.start);
    }
    this.#count++;
    this.#bound = bound;
    this.#endRanges();
  }

  cut(): RangeCut {
    this.#isEnd = true;
    this.#endRanges();
    const lengths = this.#lengths;
    let next = 0;
    let range = this.#firstRange ?? 0;
    let left = lengths[next] ?? Infinity;
    return {
      rangeOf: () => {
        if (left === 0) {
          range++;
          left = lengths[++next] ?? Infinity;
        }
        left--;
        return range;
      },
    };
  }

  #endRanges(): void {
    for (;;) {
      this.#rowCount ??= this.#rowsOfRange();
      if (this.#rowCount === undefined || this.#count <= this.#rowCount) return;
      // A row beyond the sample is checked while it is the newest, so it belongs to the last group.
      let end = this.#groups[this.#rowCount] ?? this.#last.start;
      // All these rows have the same bound, so the range continues up to the next row with another one.
      if (end === 0) this.#firstRange ??= this.#lengths.length === 0 ? 1 : 0;
      if (end === 0) end = this.#secondGroup();
      if (end === 0) return;
      this.#lengths.push(end);
      this.#beginAt(end);
      this.#rowCount = undefined;
      this.#firstRange ??= 0;
    }
  }

  /**
   * Returns the position of the first row whose bound differs from the range's first, or 0 if there is none.
   */
  #secondGroup(): number {
    if (this.#last.start === 0) return 0;
    return this.#groups.find((group) => group > 0) ?? this.#last.start;
  }

  /** Drops the rows before a group. Beyond the sample, the only known group is the last. */
  #beginAt(group: number): void {
    this.#count -= group;
    if (group === this.#last.start) {
      this.#sizes = [...this.#last.sizes];
      this.#groups = this.#sizes.map(() => 0);
    } else {
      this.#sizes = this.#sizes.slice(group);
      this.#groups = this.#groups.slice(group).map((start) => start - group);
    }
    this.#last = { start: this.#last.start - group, sizes: this.#last.sizes };
  }

  /** Returns the rows of the range, or undefined until enough rows were seen. */
  #rowsOfRange(): number | undefined {
    const first = this.#average(SAMPLE_ROWS);
    if (first === undefined) return undefined;
    const average = this.#average(sampleRows(first));
    return average === undefined ? undefined : rowsOfRange(this.#partBytes, average);
  }

  #average(rows: number): number | undefined {
    if (this.#sizes.length < rows && !this.#isEnd) return undefined;
    const looked = this.#sizes.slice(0, rows);
    return Math.max(1, looked.reduce((sum, size) => sum + size, 0) / Math.max(1, looked.length));
  }
}

/** Returns a function for the bytes that an export assumes for a row's line, and for its bounding values. */
function rowSizes(
  table: SourceTable,
  bounds: readonly string[],
): (line: string) => { readonly bytes: number; readonly bound: string } {
  const columns = table.columns.filter((c) => !c.isGenerated);
  const names = namesBytes(columns);
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
        if (kind === "null") return VALUE_BYTES.quoted;
        return VALUE_BYTES.quoted + (kind === "binary" ? binaryLength(content) : length(stringOf(content)));
      };
    }
    case "binary":
      // The server keeps four decimal places of a division.
      return (kind, content) =>
        kind === "null"
          ? VALUE_BYTES.null
          : Math.round((VALUE_BYTES.binary + (binaryLength(content) * 4) / 3) * 1e4) / 1e4;
    default:
      return () => VALUE_BYTES.wrapped;
  }
}

function binaryLength(base64: string): number {
  return Buffer.byteLength(base64, "base64");
}

const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "binary", "ascii"]);
const DOUBLE_BYTES: ReadonlySet<string> = new Set(["gbk", "gb2312", "big5", "euckr", "sjis", "cp932"]);

/** Returns a function that gives the bytes of a text in the character set that the server stores it in. */
function storedLength(characterSet: string): (text: string) => number {
  if (UTF8.has(characterSet)) return (text) => text.length;
  const real = (text: string): string => Buffer.from(text, "latin1").toString("utf8");
  if (/^(?:ucs2|utf16)/.test(characterSet)) return (text) => real(text).length * 2;
  if (characterSet === "utf32") return (text) => [...real(text)].length * 4;
  const wide = DOUBLE_BYTES.has(characterSet) ? 2 : 1;
  return (text) => [...real(text)].reduce((sum, c) => sum + (c <= "\x7f" ? 1 : wide), 0);
}
