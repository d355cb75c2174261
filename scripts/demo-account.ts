import type { Db } from "mongodb";
import type { Connection, RowDataPacket } from "mysql2/promise";

/** What became of one collection's documents in one table. */
export interface AccountLine {
  readonly collection: string;
  readonly documentCount: number;
  readonly quarantinedCount: number;
  readonly table: string;
  readonly loadedCount: number;
  readonly digestedCount: number;
  readonly isEqual: boolean;
}

/** Whether every document is a row in the target or in quarantine, and every row is what it should be. */
export function isAccountedFor(line: AccountLine): boolean {
  const { documentCount, quarantinedCount, loadedCount, digestedCount, isEqual } = line;
  return isEqual && documentCount === loadedCount + quarantinedCount && loadedCount === digestedCount;
}

/** The last event that `checksum --json` prints, as far as the account needs it. */
interface ChecksumSummary {
  readonly event: "summary";
  readonly namespaces: readonly {
    readonly namespace: string;
    readonly quarantined?: number | string;
    readonly tables?: readonly {
      readonly table: string;
      readonly quarantined?: number | string;
      readonly digested?: number | string;
      readonly equal?: boolean;
    }[];
  }[];
}

/** @throws Error if the text does not end with the summary that every command prints with --json. */
export function checksumSummary(jsonLines: string): ChecksumSummary {
  const last = jsonLines.trimEnd().split("\n").at(-1) ?? "";
  const event: unknown = last === "" ? undefined : JSON.parse(last);
  if (typeof event !== "object" || event === null || !("event" in event) || event.event !== "summary") {
    throw new Error("checksum --json printed no summary, so there is nothing to show per table.");
  }
  return event as ChecksumSummary;
}

/**
 * A line for each table. Documents and rows are counted anew in both
 * databases, so the account does not repeat what Firebreak said of itself;
 * digests and equality are checksum's. A collection that checksum does not
 * name has a line, too.
 */
export async function demoAccount(
  summary: ChecksumSummary,
  source: Db,
  target: Connection,
): Promise<AccountLine[]> {
  const lines: AccountLine[] = [];
  for (const { namespace, quarantined, tables = [] } of summary.namespaces) {
    const collection = namespace.slice(namespace.indexOf(".") + 1);
    const documentCount = await source.collection(collection).countDocuments();
    for (const table of tables) {
      const [rows] = await target.query<RowDataPacket[]>("SELECT COUNT(*) AS rowCount FROM ??", [
        table.table,
      ]);
      lines.push({
        collection,
        documentCount,
        quarantinedCount: Number(quarantined ?? 0) + Number(table.quarantined ?? 0),
        table: table.table,
        loadedCount: Number(rows[0]?.["rowCount"]),
        digestedCount: Number(table.digested ?? 0),
        isEqual: table.equal === true,
      });
    }
  }
  for await (const { name } of source.listCollections({}, { nameOnly: true })) {
    if (lines.some(({ collection }) => collection === name)) continue;
    const documentCount = await source.collection(name).countDocuments();
    lines.push({ ...missing, collection: name, documentCount });
  }
  return lines;
}

const missing = {
  quarantinedCount: 0,
  table: "(none)",
  loadedCount: 0,
  digestedCount: 0,
  isEqual: false,
} as const;

const headings = [
  "collection",
  "documents",
  "in quarantine",
  "table",
  "rows loaded",
  "rows digested",
  "equal",
];

/** The account as columns for a terminal: names to the left, numbers to the right. */
export function accountText(lines: readonly AccountLine[]): string {
  const cells = lines.map((line) => [
    line.collection,
    line.documentCount.toLocaleString("en"),
    line.quarantinedCount.toLocaleString("en"),
    line.table,
    line.loadedCount.toLocaleString("en"),
    line.digestedCount.toLocaleString("en"),
    line.isEqual ? "yes" : "NO",
  ]);
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const isName = (at: number): boolean => headings[at] === "collection" || headings[at] === "table";
  return [headings, ...cells]
    .map((row) =>
      row.map((cell, at) => (isName(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))),
    )
    .map((row) => `  ${row.join("   ")}\n`)
    .join("");
}
