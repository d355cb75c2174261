import type { DatabaseKind } from "@firebreak/archive";
import type { StatusFacts } from "@firebreak/status";
import { shardRanges, shardTables } from "../../screen/shards.ts";
import { textTable } from "../../screen/text-table.ts";

type Target = NonNullable<StatusFacts["target"]>;
type Sizes = Extract<StatusFacts["exported"], { state: "unfinished" }>["sizes"];
type FileSizes = Omit<Sizes, "parts" | "lines" | "plainBytes">;

const number = (value: number): string => Math.round(value).toLocaleString("en-US");
const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Returns the text of `status`, in English. */
export function statusText(facts: StatusFacts): string {
  const { exported, transformed, target } = facts;
  return [
    `archive      ${facts.archive}`,
    `exported     ${exportText(exported)}`,
    ...(exported.state === "unfinished" && exported.namespaces.length > 0 ? [rangesTable(exported)] : []),
    `transformed  ${transformText(transformed)}`,
    ...(target === undefined ? [] : targetText(target, NOUNS[kindOf(transformed)])),
  ].join("\n");
}

function exportText(exported: StatusFacts["exported"]): string {
  if (exported.state === "unfinished") {
    const { sizes, startedAt } = exported;
    return `not finished, begun ${moment(startedAt)} UTC: ${counted(sizes.lines, "document")} so far, ${sizesText(sizes)}; the same export goes on`;
  }
  const { sizes, deletes = 0 } = exported;
  const namespaces =
    exported.namespaces === undefined ? "" : ` of ${counted(exported.namespaces, "namespace")}`;
  const finished = exported.finishedAt === undefined ? "" : `, ${moment(exported.finishedAt)} UTC`;
  const link = exported.delta === undefined ? "" : `, delta ${exported.delta} of its chain`;
  const lines = sizes.lines === undefined ? "" : counted(sizes.lines, "line");
  const gone = deletes === 0 ? "" : ` and ${counted(deletes, "deleted key")}`;
  return `complete${link}: ${lines}${gone}${namespaces}, ${sizesText(sizes)}${finished}`;
}

function transformText(transformed: StatusFacts["transformed"]): string {
  switch (transformed.state) {
    case "none":
      return "not yet";
    case "unfinished":
      return "not finished: under way, or cut off; the same transform begins again";
    case "complete": {
      const { rows, tables, quarantined, keys = 0, finishedAt } = transformed;
      const finished = finishedAt === undefined ? "" : `, ${moment(finishedAt)} UTC`;
      const { row, table } = NOUNS[transformed.kind];
      const of = tables === undefined ? "" : ` of ${counted(tables, table)}`;
      if (!("lines" in rows)) return `complete: ${sizesText(rows)}`;
      const replaced = keys === 0 ? "" : ` and ${counted(keys, "key")} to delete first`;
      return `complete: ${counted(rows.lines, row)}${replaced}${of}, ${number(quarantined ?? 0)} in quarantine, ${sizesText(rows)}${finished}`;
    }
  }
}

function rangesTable({ namespaces }: Extract<StatusFacts["exported"], { state: "unfinished" }>): string {
  return textTable(
    [
      ["namespace", "documents", "ranges", "planned"],
      ...shardRanges(namespaces).map((n) => [
        n.namespace,
        number(n.documents),
        number(n.rangesDone),
        n.rangesPlanned === 0 ? "" : number(n.rangesPlanned),
      ]),
    ],
    [true, false, false, false],
  );
}

/** The nouns for loaded objects in one kind of target. */
interface Nouns {
  readonly row: string;
  readonly table: string;
}
const NOUNS: Readonly<Record<DatabaseKind, Nouns>> = {
  mysql: { row: "row", table: "table" },
  mongodb: { row: "document", table: "collection" },
};

function kindOf(transformed: StatusFacts["transformed"]): DatabaseKind {
  return transformed.state === "complete" ? transformed.kind : "mysql";
}

function targetText(target: Target, nouns: Nouns): string[] {
  return [
    `target       ${target.server}`,
    ...target.databases.map(databaseText),
    tablesTable(target, nouns),
    leftText(target, nouns),
  ];
}

function databaseText({
  database,
  loadConnection,
  loadProcess,
  link,
  repairs,
  foreignParts,
}: Target["databases"][number]): string {
  const facts = [
    loadConnection !== undefined
      ? `a load is at work, on connection ${loadConnection}`
      : loadProcess !== undefined
        ? `a run is at work, process ${loadProcess.pid} on ${loadProcess.host}`
        : "no load is at work",
    ...(link === undefined ? [] : [`at ${linkText(link.newest)}`]),
    ...(repairs === 0 ? [] : [`${counted(repairs, "table")} repaired`]),
    ...(foreignParts === 0 ? [] : [`${counted(foreignParts, "part")} of another archive`]),
  ];
  return `database     ${database}: ${facts.join(", ")}`;
}

function linkText(number: number): string {
  return number === 0 ? "the full archive" : `delta ${number}`;
}

function tablesTable({ tables }: Target, { row, table }: Nouns): string {
  return textTable(
    [
      [
        table,
        `${row}s`,
        "loaded",
        "left",
        "quarantined",
        "refused",
        "parts",
        "in",
        `${row}s/s`,
        "first in",
        "last in (UTC)",
      ],
      ...shardTables(tables).map((t) => [
        t.table,
        number(t.rows),
        number(t.loaded),
        number(t.left),
        number(t.quarantined),
        number(t.quarantinedAtLoad),
        number(t.parts),
        number(t.loadedParts),
        t.rowsPerSecond === undefined ? "" : number(t.rowsPerSecond),
        t.firstLoadedAt === undefined ? "" : moment(t.firstLoadedAt),
        t.lastLoadedAt === undefined ? "" : moment(t.lastLoadedAt),
      ]),
    ],
    [true, false, false, false, false, false, false, false, false, true, true],
  );
}

function presentText(tables: Target["tables"]): string {
  const count = tables.reduce((sum, t) => sum + (t.present ?? 0), 0);
  return count === 0 ? "" : ` Of these, ${counted(count, "row")} were there before.`;
}

function leftText(
  { databases, tables, rows, loaded, left, rowsPerSecond, secondsLeft }: Target,
  { row }: Nouns,
): string {
  const speed =
    rowsPerSecond === undefined ? "" : ` at ${number(rowsPerSecond)} ${row}s/s over the last minutes`;
  const newest = Math.max(...databases.map(({ link }) => link?.newest ?? 0));
  if (databases.some(({ link }) => link !== undefined && link.number < link.newest))
    return `Delta ${newest} of its chain is in, which is newer than this archive.${quarantinedText(tables, row)}`;
  if (left === 0 && databases.some(({ link }) => link !== undefined && link.number > link.newest))
    return `No rows are left, and the delta is not in to its end: load it again, it goes on.`;
  if (left === 0)
    return `All parts are in, by firebreak_ledger: ${counted(loaded, row)}${speed}.${presentText(tables)}${quarantinedText(tables, row)}`;
  const estimate = secondsLeft === undefined ? "" : `: about ${duration(secondsLeft)} left, then indexes`;
  return `${number(loaded)} of ${counted(rows, row)} are in, ${number(left)} are left${speed}${estimate}.${presentText(tables)}${quarantinedText(tables, row)}`;
}

function quarantinedText(tables: Target["tables"], row: string): string {
  const count = tables.reduce((sum, t) => sum + t.quarantinedAtLoad, 0);
  return count === 0
    ? ""
    : ` In quarantine: ${counted(count, row)} that the target refused; pnpm load --replay-quarantine.`;
}

function sizesText(sizes: Sizes | FileSizes): string {
  return "parts" in sizes
    ? `${counted(sizes.parts, "part")}, ${size(sizes.bytes)} on disk (${size(sizes.plainBytes)} as text)`
    : `${counted(sizes.files, "file")}, ${size(sizes.bytes)} on disk`;
}

function size(bytes: number): string {
  const [unit, name] = bytes < 1e6 ? ([1e3, "kB"] as const) : ([1e6, "MB"] as const);
  return `${(bytes / unit).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${name}`;
}

function moment(iso: string): string {
  return iso.replace("T", " ").replace(/\.\d+Z$/, "");
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.ceil(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
