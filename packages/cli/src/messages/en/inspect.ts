import type { ArchiveFacts, FieldFound, InspectFaults, Sizes, SurveyFacts } from "@firebreak/inspect";
import { textTable } from "../../screen/text-table.ts";
import { notCarriedText } from "./not-carried.ts";
import { targetFactsLines } from "./profile.ts";
import { message, type FaultTexts, type InspectTexts, type SomeNotes } from "../language.ts";

/** The number of fields of a survey to show, the most frequent ones. `--json` has all. */
const SHOWN_FIELDS = 200;

/** The number of characters of a collection's options to show. */
const SHOWN_OPTIONS = 500;

/** The latest time that a Date can hold, in milliseconds (ECMAScript, 21.4.1.1). */
const LAST_MS = 8.64e15;

export const inspectFaults: FaultTexts<InspectFaults> = {
  "namespace-unknown": (f) =>
    message(
      `${f.archive} has no namespace ${f.namespace}.`,
      f.known.length === 0
        ? "It has none at all."
        : `It has ${f.known.slice(0, 20).join(", ")}${f.known.length > 20 ? ", …" : ""}.`,
    ),
  "target-database": (f) =>
    message(
      f.database === undefined
        ? `The MySQL URL names a server, ${f.server}, and no database of it.`
        : `MySQL at ${f.server} has no database ${f.database}.`,
      "Name the application's own database in FIREBREAK_MYSQL_URL: mysql://user@host:3306/database.",
    ),
};

export const inspectNotes = {
  "target-facts-written": (f, profiles) =>
    [
      `${count(f.tables, "table")} of ${f.database} at ${f.server}, ${f.filled.toLocaleString("en-US")} with rows, are described in ${f.file} (${count(f.bytes, "byte")}). Carry it to where transform runs: transform --target-facts ${f.file}`,
      ...targetFactsLines(f, profiles),
    ].join("\n"),
  "lines-found": (f) =>
    `${f.found.toLocaleString("en-US")} of ${count(f.lines, "document")} of ${plain(f.namespace)} found`,
} satisfies SomeNotes;

export const inspectTexts: InspectTexts = {
  archive: (f) =>
    lines([
      ["archive", f.archive],
      ["exported", run(f.run)],
      ...(f.delta === undefined
        ? []
        : [
            [
              "delta",
              `number ${f.delta.number} of its chain, by ${f.delta.by === "change-stream" ? "change stream" : "comparison"}; goes on from ${f.delta.baseSha256}`,
            ] as [string, string],
          ]),
      ["consistency", consistency(f.consistency)],
      ...(f.watermark === undefined
        ? []
        : [["watermark", `cluster time ${f.watermark}`] as [string, string]]),
      ["settings", settings(f.settings)],
      ...(f.encryption === undefined
        ? []
        : [
            ["encrypted", `to ${f.encryption.recipients.join(", ")}; names ${f.encryption.names}`] as [
              string,
              string,
            ],
          ]),
      ...(f.signedBy === undefined ? [] : [["signed by", f.signedBy] as [string, string]]),
      ["size", sizes(f.sizes)],
      ...made(f).map((text): [string, string] => ["transformed", text]),
    ]),
  namespace: (f) => {
    const gone = f.deletes === undefined || f.deletes === 0 ? "" : `, ${count(f.deletes, "key")} gone`;
    const expired =
      f.expired === undefined || f.expired === 0
        ? ""
        : ` (${f.expired.toLocaleString("en-US")} of them past the time of a TTL index)`;
    const change = f.change === undefined ? "" : `, ${f.change}`;
    const head = `\n${plain(f.namespace)}: ${f.collectionKind}${change}, ${count(f.documents, "document")}${gone}${expired}, ${sizes(f.sizes)}`;
    const facts: [string, string][] = [
      ...(f.consistency === undefined
        ? []
        : [["consistency", consistency(f.consistency)] as [string, string]]),
      ...(f.options === "{}" ? [] : [["options", cut(short(f.options))] as [string, string]]),
      ...(f.columns ?? []).map(({ name, sqlType, isGenerated }): [string, string] => [
        "column",
        `${plain(name)} ${plain(sqlType)}${isGenerated ? ", generated" : ""}`,
      ]),
      ...(f.triggers ?? []).map((name): [string, string] => ["trigger", plain(name)]),
      ...f.indexes.map(({ name, key, options }): [string, string] => [
        "index",
        `${plain(name)} ${short(key)}${options === "{}" ? "" : ` ${short(options)}`}`,
      ]),
      ...(f.tables ?? []).map(({ table, rows }): [string, string] => [
        "table",
        `${plain(table)}, ${count(rows, "row")}`,
      ]),
      ...(f.collections ?? []).map(({ collection, documents }): [string, string] => [
        "collection",
        `${plain(collection)}, ${count(documents, "document")}`,
      ]),
      ...(f.notCarried ?? []).map((what): [string, string] => ["not carried", notCarriedText(what)]),
      ...(f.quarantined === undefined || f.quarantined === 0
        ? []
        : [["quarantine", count(f.quarantined, "document")] as [string, string]]),
    ];
    return [head, ...(facts.length === 0 ? [] : [lines(facts, "  ")])].join("\n");
  },
  survey: (f) => {
    const fields = [...f.fields].sort((a, b) => b.documents - a.documents);
    const hidden = fields.length - SHOWN_FIELDS;
    return [
      `\n${count(f.lines, "document")}; ${count(f.rawLines, "raw line")} among them, for what canonical Extended JSON cannot say`,
      ...(fields.length === 0 ? [] : [fieldTable(fields.slice(0, SHOWN_FIELDS), f.lines)]),
      ...(hidden <= 0 ? [] : [`… and ${count(hidden, "field")} more; --json has them`]),
      ...(f.furtherValues === 0
        ? []
        : [`… and ${count(f.furtherValues, "value")} under names that are too many to list`]),
    ].join("\n");
  },
};

function fieldTable(fields: SurveyFacts["fields"], documents: number): string {
  const rows = fields.map((field) => [
    plain(field.name),
    field.documents.toLocaleString("en-US"),
    // This rounds down, so that only a field of all documents has 100 %.
    `${(Math.floor((field.documents / documents) * 1000) / 10).toFixed(1)} %`,
    Object.entries(field.kinds)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, n]) => `${kind} ${n.toLocaleString("en-US")}`)
      .join(", "),
    lengths(field),
    field.times === undefined ? "" : `${time(field.times.least)} to ${time(field.times.most)}`,
  ]);
  return textTable(
    [["field", "documents", "share", "kinds", "length", "times"], ...rows],
    [true, false, false, true, true, true],
  );
}

function lengths({ characters, bytes }: FieldFound): string {
  const range = ({ least, most }: { least: number; most: number }, noun: string): string =>
    `${least === most ? "" : `${least.toLocaleString("en-US")} to `}${count(most, noun)}`;
  return [
    ...(characters === undefined ? [] : [range(characters, "character")]),
    ...(bytes === undefined ? [] : [range(bytes, "byte")]),
  ].join(", ");
}

function run(f: ArchiveFacts["run"]): string {
  const from = f.server === undefined ? "" : ` from ${plain(f.server)}`;
  return `${f.startedAt} to ${f.finishedAt}${from}, on ${plain(f.host)} by Firebreak ${f.firebreak} (Node ${f.node})`;
}

function consistency(kind: ArchiveFacts["consistency"]): string {
  switch (kind) {
    case "document":
      return "each document as it was at some moment of the export; no one moment holds for all";
    case "snapshot":
      return "all as it was at one moment";
  }
}

function settings({ include, exclude, partMib }: ArchiveFacts["settings"]): string {
  const globs = (flag: string, of: readonly string[]): string =>
    of.map((glob) => ` --${flag} ${plain(glob)}`).join("");
  return `--part-mib ${partMib}${globs("include", include)}${globs("exclude", exclude)}`;
}

function made({ transformed, transformedForMongodb }: ArchiveFacts): string[] {
  const texts = [
    ...(transformed === undefined
      ? []
      : [madeText(transformed, count(transformed.tableCount, "table"), count(transformed.rowCount, "row"))]),
    ...(transformedForMongodb === undefined
      ? []
      : [
          madeText(
            transformedForMongodb,
            count(transformedForMongodb.collectionCount, "collection"),
            count(transformedForMongodb.documentCount, "document"),
          ),
        ]),
  ];
  return texts.length === 0 ? ["not yet"] : texts;
}

function madeText(
  f: Pick<NonNullable<ArchiveFacts["transformed"]>, "run" | "profile" | "quarantinedCount">,
  places: string,
  content: string,
): string {
  return `${f.run.finishedAt} with profile ${plain(f.profile)}: ${places}, ${content}, ${count(f.quarantinedCount, "document")} in quarantine`;
}

function sizes({ parts, plainBytes, bytes }: Sizes): string {
  return `${count(parts, "part")}, ${count(plainBytes, "byte")}, compressed ${bytes.toLocaleString("en-US")}`;
}

function lines(facts: readonly (readonly [string, string])[], indent = ""): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, text]) => `${indent}${name.padEnd(width)}  ${text}`).join("\n");
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString("en-US")} ${noun}${value === 1 ? "" : "s"}`;
}

function time(ms: number): string {
  return Math.abs(ms) <= LAST_MS ? new Date(ms).toISOString() : `${ms} ms`;
}

/** Cuts a collection's options, which are long if the collection was a table once. `--json` has all. */
function cut(text: string): string {
  const letters = Array.from(text.slice(0, 2 * SHOWN_OPTIONS));
  return text.length <= SHOWN_OPTIONS ? text : `${letters.slice(0, SHOWN_OPTIONS).join("")}…`;
}

/**
 * Writes numbers of canonical Extended JSON plainly. Quotes in strings are escaped, so strings never match.
 */
function short(text: string): string {
  return plain(text.replace(/\{"\$number(?:Int|Long|Double|Decimal)":"([^"]*)"\}/g, "$1"));
}

/** Escapes characters that a terminal obeys or hides. Names come from a database and may have them. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`);
}
