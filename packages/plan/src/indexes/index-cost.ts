import type { MysqlManifest, MysqlTable } from "@firebreak/archive";
import { indexColumns } from "@firebreak/mysql-format";
import type { IndexUse, Volume } from "../plan-record.ts";
import type { IndexCost } from "../facts-record.ts";
import { entryBytes } from "./key-bytes.ts";
import { measureIndexes } from "./measure-indexes.ts";

/** InnoDB reserves pages of an index by the MiB, so the size of a smaller index of a sample tells little of the whole. */
const LEAST_BYTES = 4 << 20;
/** A page of a new index is 15/16 full, and about a hundredth of the pages are above the leaves. */
const PAGE_FACTOR = 1.08;
const PAGE_BYTES = 16_384;

/** An index of a sample. */
export interface SampledIndex {
  readonly namespace: string;
  readonly table: string;
  readonly index: string;
  readonly columns: readonly string[];
  /** The rows of the sample, and the documents that they were made of. */
  readonly rows: number;
  readonly documents: number;
  readonly entryBytes: number;
  /** Missing if the sample was not loaded. */
  readonly measured?: { readonly bytes: number; readonly ms: number };
}

/**
 * Looks at the indexes of a sample's tables.
 *
 * @param folder that of transform's output.
 * @param scratchUrl that of the scratch database into which the sample was loaded, if it was.
 * @throws {FirebreakError} of mysql, or of a part that cannot be read.
 */
export async function sampledIndexes(
  folder: string,
  manifest: MysqlManifest,
  scratchUrl: string | undefined,
): Promise<SampledIndex[]> {
  const tables = manifest.tables.filter(({ indexes }) => indexes.length > 0);
  const measured = scratchUrl === undefined ? [] : await measureIndexes(scratchUrl, tables);
  const sampled: SampledIndex[] = [];
  for (const table of tables) {
    const entries = await entryBytes(folder, table);
    for (const { name, statement } of table.indexes) {
      const found = measured.find((one) => one.table === table.table && one.index === name);
      sampled.push({
        namespace: table.namespace,
        table: table.table,
        index: name,
        columns: indexColumns(statement).map((column) => column.name),
        rows: rowsOf(table),
        documents: manifest.namespaces.find((ns) => ns.namespace === table.namespace)?.lineCount ?? 0,
        entryBytes: entries.get(name) ?? 0,
        ...(found === undefined ? {} : { measured: { bytes: found.bytes, ms: found.ms } }),
      });
    }
  }
  return sampled;
}

function rowsOf({ parts }: MysqlTable): number {
  return parts.reduce((sum, { lineCount }) => sum + lineCount, 0);
}

/**
 * Returns the cost of each index of the whole from that of the sample. Pure.
 *
 * @param volumes those of the source.
 */
export function indexCosts(
  sampled: readonly SampledIndex[],
  volumes: readonly Volume[],
  uses: readonly IndexUse[],
): IndexCost[] {
  return sampled.map(({ namespace, table, index, columns, ...sample }) => {
    const items =
      volumes.find((v) => v.kind === "collection" && `${v.database}.${v.name}` === namespace)?.items ?? 0;
    const factor = Math.max(1, items / Math.max(1, sample.documents));
    const rows = sample.rows * factor;
    const { measured } = sample;
    const isTold = measured !== undefined && (factor === 1 || measured.bytes >= LEAST_BYTES);
    const use = uses.find((one) => one.namespace === namespace && one.index === index);
    return {
      table,
      index,
      columns,
      bytes: isTold ? Math.round(measured.bytes * factor) : estimatedBytes(rows, sample.entryBytes),
      isMeasured: isTold,
      ...(isTold ? { ms: Math.ceil(measured.ms * factor) } : {}),
      ...(use === undefined ? {} : { source: { uses: use.uses, since: use.since } }),
    };
  });
}

function estimatedBytes(rows: number, bytesOfEntry: number): number {
  return Math.max(1, Math.ceil((rows * bytesOfEntry * PAGE_FACTOR) / PAGE_BYTES)) * PAGE_BYTES;
}
