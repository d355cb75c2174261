import type { AnswerDifference, QueryResult, QueryTestFaults, Remedy } from "@firebreak/query-test";
import { DEFAULTS } from "../../flags.ts";
import type { HelpTexts } from "../help-texts.ts";
import { textTable } from "../../screen/text-table.ts";
import { visibleText } from "../../screen/visible-value.ts";
import { message, type FaultTexts, type QueryTestTexts, type SomeNotes } from "../language.ts";
import { words } from "./reasons.ts";

/** The number of characters of a value to show. */
const SHOWN = 120;

/** The number of names that a note shows. */
const SHOWN_NAMES = 10;

export const queryTestHelp: HelpTexts["commands"]["query-test"] = {
  summary: "the application's queries on source and target, timed and compared; only reads",
  flags: {
    "mongodb-url": "the source, without a password; better from FIREBREAK_MONGODB_URL",
    connections: `connections at once, besides the runs over one (default: ${DEFAULTS.connections})`,
    file: "YAML file with queries of your own, to run after the others",
    include: "generic mapping: only what matches this glob on db.collection (repeatable)",
    exclude: "generic mapping: not what matches this glob (repeatable)",
    "profile-option": "a setting that the application has now, as NAME=VALUE; repeatable",
    site: "folder with the application's own settings files, as they are now",
  },
  examples: [
    ["pnpm query-test", "the archive in ./archive: reads by key, by each index, and pages"],
    ["pnpm query-test --file queries.yaml --connections 8", "queries of your own as well, eight at once"],
    ["pnpm query-test --include 'shop.orders'", "one collection only"],
  ],
};

export const queryTestFaults: FaultTexts<QueryTestFaults> = {
  "query-test-direction": (f) =>
    message(
      `${f.archive} is not an archive of MongoDB that was transformed for MySQL.`,
      "query-test compares a MongoDB source with a MySQL target only.",
    ),
  "queries-file": (f) =>
    message(
      `${f.file}${f.entry === undefined ? "" : `, query ${f.entry}`}${f.key === undefined || f.key === "" ? "" : `, ${f.key}`}: ${words(f.reason)}.`,
      "docs/query-test.md describes the file.",
    ),
};

export const queryTestNotes = {
  "tables-not-asked": (f) =>
    `No queries are known for ${shortList(f.tables)}, which the generic mapping did not make. --file adds some.`,
  "indexes-not-asked": (f) =>
    `Not read by these indexes of the source, because their first field has no column or no value to look for: ${shortList(f.indexes.map(({ namespace, index, field }) => `${namespace} ${index} (${field})`))}`,
  "queries-none": (f) => `There is nothing to ask about ${f.archive}: it has no documents that were chosen.`,
  "first-is-not-cold": (f) =>
    `Times are in ms, of the statements alone as this machine sees them, the network included. first is the p95 of the first runs over a new connection: the server may have the rows in its memory already, which only its restart empties. at once is the p95 over ${f.connections} connections at once.`,
} satisfies SomeNotes;

export const queryTestTexts: QueryTestTexts = {
  query: (result) => {
    const lines = [...result.differences.map((d) => differenceText(result, d)), ...slowText(result)];
    const more = result.differingCount - result.differences.length;
    return [...lines, ...(more > 0 ? [`  … and ${more} more with other parameters`] : [])];
  },
  table: (queries) =>
    textTable(
      [
        [
          "query",
          "runs",
          "rows",
          "source p50",
          "p95",
          "p99",
          "first",
          "at once",
          "target p50",
          "p95",
          "p99",
          "first",
          "at once",
          "equal",
        ],
        ...queries.map(tableLine),
      ],
      [true, ...Array.from({ length: 12 }, () => false), true],
    ),
};

function tableLine(query: QueryResult): string[] {
  const { source, target } = query;
  return [
    query.name,
    String(query.caseCount),
    query.rowCount.toLocaleString("en-US"),
    ...[source, target].flatMap(sideCells),
    equalText(query),
  ];
}

function sideCells({ p50Ms, p95Ms, p99Ms, first, concurrent }: QueryResult["source"]): string[] {
  return [p50Ms, p95Ms, p99Ms, first.p95Ms, concurrent.p95Ms].map(ms);
}

function ms(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);
}

function differenceText({ name }: QueryResult, { parameters, first, ...rows }: AnswerDifference): string {
  const asked = Object.entries(parameters).map(([key, value]) => `${key} ${cut(value)}`);
  const head = `${visibleText(name)}: the answers differ for ${visibleText(asked.join(", "))}`;
  switch (first.what) {
    case "refused":
      return `${head}\n  the ${first.by} refused the query: ${first.reason}`;
    case "missing":
    case "extra": {
      const where = first.what === "missing" ? "the target lacks" : "only the target has";
      return `${head}\n  ${where} row ${first.row} (source ${rows.sourceRows}, target ${rows.targetRows} rows): ${visibleText(cut(first.values))}`;
    }
    case "changed":
      return `${head}\n  row ${first.row}, ${visibleText(first.column)}: source ${shownValue(first.source)}, target ${shownValue(first.target)}`;
  }
}

function slowText({ name, slow, source, target }: QueryResult): string[] {
  if (slow === undefined) return [];
  return [
    slow.endedAfterMs !== undefined
      ? `${visibleText(name)} is slow on the target: a statement took ${slow.endedAfterMs / 1000} s, and was ended. No further case was asked.`
      : `${visibleText(name)} is slow on the target: p95 ${ms(target.p95Ms)} ms, on the source ${ms(source.p95Ms)} ms`,
    `  ${remedyText(slow.remedy)}`,
    `  ${visibleText(cut(slow.target.statement, 400))}`,
    ...indented(slow.target.text),
    ...(slow.source === undefined ? [] : ["  the source's plan:", ...indented(slow.source.text)]),
  ];
}

function remedyText(remedy: Remedy): string {
  switch (remedy.what) {
    case "index-missing": {
      const made = remedy.statement === undefined ? "" : ` This would make one: ${remedy.statement}.`;
      const vendor = remedy.isGiven
        ? " The table is the application's own: ask its vendor before you change it."
        : " Nothing was changed.";
      return `The target reads the whole table: no index serves the query.${made}${vendor}`;
    }
    case "many-rows":
      return `An index is used, and the server still expects to look at ${remedy.examinedRows.toLocaleString("en-US")} rows. An index over more of the query's columns${remedy.columns.length === 0 ? "" : ` (${remedy.columns.join(", ")})`} would serve it better.`;
    case "many-statements":
      return `The query takes ${remedy.statementCount} statements, and each of them uses an index. The time is that of the statements in a row, the way over the network included.`;
    case "server":
      return "An index is used, and few rows are looked at. Compare the servers: memory for InnoDB (innodb_buffer_pool_size), the disk, the network.";
  }
}

function indented(text: string): string[] {
  return text.split("\n").map((line) => `    ${visibleText(line)}`);
}

function shownValue(value: string | null): string {
  return value === null ? "nothing" : visibleText(cut(value));
}

function cut(text: string, length = SHOWN): string {
  const letters = Array.from(text);
  return letters.length <= length ? text : `${letters.slice(0, length).join("")}…`;
}

function shortList(names: readonly string[]): string {
  const more = names.length - SHOWN_NAMES;
  const shown = names.slice(0, SHOWN_NAMES).map(visibleText).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function equalText({ answersEqual, caseCount, uncomparedCount }: QueryResult): string {
  if (!answersEqual) return "NO";
  if (uncomparedCount === 0) return "yes";
  return uncomparedCount === caseCount
    ? "not compared"
    : `yes, ${caseCount - uncomparedCount} of ${caseCount}`;
}
