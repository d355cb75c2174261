import { EMPTY_DIGEST } from "@firebreak/items";
import type { MysqlManifest, MysqlTable, TablePart, PartEntry, SourceNamespace } from "@firebreak/archive";

const SHA256 = "0".repeat(64);

/** A part that no file is of: 10 bytes on disk and 100 of text a line. */
export function partOf(file: string, lineCount: number): TablePart {
  const bytes = { bytes: 10 * lineCount, plainBytes: 100 * lineCount };
  const digest = { ...EMPTY_DIGEST, rowCount: lineCount };
  return { file, ...bytes, sha256: SHA256, plainSha256: SHA256, lineCount, digest };
}

/** The namespace `d.c`, its counts being those of its parts. */
export function sourceNamespace(
  of: Pick<SourceNamespace, "parts"> & Partial<SourceNamespace>,
): SourceNamespace {
  const lineCount = of.parts.reduce((sum, p) => sum + p.lineCount, 0);
  return {
    namespace: "d.c",
    database: "d",
    collection: "c",
    kind: "collection",
    directory: "source/d/c",
    documentCount: lineCount,
    lineCount,
    metadata: { file: "source/d/c/collection.json", bytes: 5, sha256: SHA256 },
    ...of,
  };
}

export const emptyTable: MysqlTable = {
  table: "c",
  database: "d",
  namespace: "d.c",
  columns: [],
  keyColumns: [],
  rowEncoding: "values",
  digest: EMPTY_DIGEST,
  largestValueBytes: 0,
  largestRowBytes: 0,
  createTable: "",
  indexes: [],
  notCarried: [],
  parts: [],
};

/** The output of transform for `d.c`. */
export function mysqlManifestOf({
  tables,
  quarantine,
  listed,
  ...changes
}: Pick<MysqlManifest, "tables"> & {
  readonly quarantine: PartEntry[];
  readonly listed: PartEntry[];
} & Partial<MysqlManifest>): MysqlManifest {
  const quarantinedCount = quarantine.reduce((sum, p) => sum + p.lineCount, 0);
  const mappedCount = tables.flatMap((t) => t.parts).reduce((sum, p) => sum + p.lineCount, 0);
  return {
    format: "firebreak-mysql",
    formatVersion: 1,
    sourceManifestSha256: SHA256,
    profile: "generic",
    namespaces: [
      {
        namespace: "d.c",
        lineCount: mappedCount + quarantinedCount,
        mappedCount,
        quarantinedCount,
        skippedCount: 0,
        collapsedCount: 0,
        quarantine,
        listed,
      },
    ],
    tables,
    files: [],
    run: { startedAt: "", finishedAt: "2025-03-01T10:00:00.000Z", host: "", firebreak: "", node: "" },
    ...changes,
  };
}
