import type { DifferencesEvent } from "@firebreak/checksum";
import type { ChecksumFaults } from "@firebreak/mysql/target";
import type { ReportedDifference, SampleEvent } from "@firebreak/target";
import { textTable } from "../../screen/text-table.ts";
import { visiblePair, visibleText, visibleValue } from "../../screen/visible-value.ts";
import { sinceLastFaults, sinceLastNotes } from "./since-last.ts";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";

/** The number of characters of a document's value to show. */
const SHOWN_CHARACTERS = 70;

/** The number of columns of a row to show. The differences file has all. */
const SHOWN_COLUMNS = 8;

export const checksumFaults: FaultTexts<ChecksumFaults> = {
  ...sinceLastFaults,
  "checksum-unhashed": (f) =>
    message(
      `MySQL could not hash ${f.rows} rows of ${f.table}: they are larger than max_allowed_packet.`,
      "Raise max_allowed_packet on the server, then run checksum again.",
    ),
  "link-not-transformed": (f) =>
    message(
      `What transform made of ${f.archive} is neither in ${f.folders.join(" nor in ")}, and the rows of a delta's tables are in all links of its chain.`,
      "Run pnpm transform for that archive, or put what it made there.",
    ),
};

export const checksumNotes = {
  ...sinceLastNotes,
  "table-missing": (f) =>
    `Table ${f.table} is not in the target: is it the right database, and was it loaded?`,
  "columns-missing": (f) =>
    `Table ${f.table} in the target lacks ${f.columns.join(", ")}: it was altered, or it is another table.`,
  "collection-missing": (f) => `Collection ${f.namespace} is not in the target: is it the right server?`,
  sampled: (f) =>
    `${count(f.rows)} of ${count(f.total)} rows were looked at. That proves nothing of the others: checksum without --sample does.`,
  "differences-vanished": (f) =>
    `Table ${f.table} differed, and a moment later none of its rows did: it is being written to. Run checksum again when it is not.`,
  "differences-written": (f) =>
    `${f.lines === 1 ? "The difference stands" : `All ${count(f.lines)} differences stand`} in ${f.file}, one JSON object a line.`,
  "not-compared": (f) =>
    f.target === "mysql"
      ? "Compared: the values of all columns that the archive has. Not compared: other columns of the target, character sets, formulas of generated columns, indexes, views, triggers and routines."
      : "Compared: the documents. Not compared: indexes, options of collections, and views.",
} satisfies SomeNotes;

/** Describes the first differences of a table. */
export function differencesText(found: DifferencesEvent): string {
  const { table, keyColumns, missing, extra, changed, first } = found;
  const rows = first.flatMap((difference) => [rowText(found, difference), ...columnTexts(difference)]);
  const more = missing + extra + changed - first.reduce((sum, d) => sum + (d.count ?? 1), 0);
  const what = keyColumns.some(({ type }) => type === "json") ? "Collection" : "Table";
  return [
    `${what} ${visibleText(table)} differs: ${count(missing)} missing, ${count(extra)} extra, ${count(changed)} changed.`,
    ...rows,
    ...(more > 0 ? [`  … and ${count(more)} more`] : []),
  ].join("\n");
}

function rowText(
  { keyColumns }: DifferencesEvent,
  { kind, key, count: surplus = 1, source }: ReportedDifference,
): string {
  const named =
    keyColumns.length === 0
      ? key.map((value) => visibleValue(value, "text")).join(", ")
      : keyColumns
          .map(({ name, type }, i) => `${visibleText(name)} ${visibleValue(key[i]!, type)}`)
          .join(", ");
  const rows = surplus > 1 ? ` (${count(surplus)} rows)` : "";
  const from =
    source === undefined
      ? ""
      : `  ${source.archive === undefined ? "" : `${source.archive}/`}${source.part} line ${source.line}`;
  return `  ${kind.padEnd(7)}  ${named}${rows}${from}`;
}

function columnTexts({ kind, columns }: ReportedDifference): string[] {
  if (kind === "changed" && columns.length === 0) return ["    the same fields in another order"];
  const lines = columns.slice(0, SHOWN_COLUMNS).flatMap(({ name, type, expected, found }) => {
    const [here, there] = visiblePair(expected, found, type);
    return [
      `    ${visibleText(name)}: expected ${here}`,
      `    ${" ".repeat(visibleText(name).length)}     found ${there}`,
    ];
  });
  const more = columns.length - SHOWN_COLUMNS;
  return more > 0 ? [...lines, `    … and ${count(more)} more columns`] : lines;
}

/** Shows a row beside its document: a line for each column, and for each field without a column. */
export function sampleText({ table, key, columns, source, document }: SampleEvent): string {
  const named = key.map(({ name, type, value }) => `${name} ${visibleValue(value, type)}`).join(", ");
  const head = `\n${table}, ${named}${source === undefined ? "" : `  ${source.part} line ${source.line}`}`;
  if (columns.length === 0) return `${head}\n  The target has no such row.`;
  const fields = new Map(document?.fields.map((f) => [f.name, f.text]));
  const names = new Set(columns.map((c) => c.name));
  const lines = [
    ["", "column", "in the target", "in the document"],
    ...columns
      .filter((c) => c.found !== null || !c.isEqual || fields.has(c.name))
      .map((c) => [
        c.isEqual ? "" : "NO",
        visibleText(c.name),
        visibleValue(c.found, c.type),
        shortened(fields.get(c.name)),
      ]),
    ...[...fields]
      .filter(([name]) => !names.has(name))
      .map(([name, text]) => ["", visibleText(name), "", shortened(text)]),
  ];
  const shown = textTable(lines, [true, true, true, true]);
  const differ = columns.filter((c) => !c.isEqual).map((c) => c.name);
  const verdict = differ.length === 0 ? "" : `\nNot as the archive says: ${differ.join(", ")}.`;
  return `${head}\n${shown}${verdict}`;
}

/** Shows a document's value on one line. */
function shortened(text: string | undefined): string {
  if (text === undefined) return "";
  const characters = Array.from(text);
  const isWhole = characters.length <= SHOWN_CHARACTERS;
  return visibleText(isWhole ? text : `${characters.slice(0, SHOWN_CHARACTERS).join("")}…`);
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
