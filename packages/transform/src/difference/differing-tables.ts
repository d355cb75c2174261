import {
  accountEvent,
  linesAccount,
  logicalTable,
  readMysqlManifest,
  type MysqlManifest,
  type MysqlTable,
  type StepEvent,
} from "@firebreak/archive";
import { EMPTY_DIGEST, isSameDigest, type ListedItems } from "@firebreak/items";
import { RowReader } from "@firebreak/mysql-format";
import { unchangedTable } from "../delta/table-changes.ts";
import { earlierLinks } from "../delta/made-chain.ts";
import type { MadeChain } from "../delta/made-chain.ts";
import { completeMysqlFolder } from "../tables/mysql-folder.ts";
import { ageSuffix } from "../keys.ts";
import { copyFiles, type DifferenceTask } from "./difference-task.ts";
import { differenceOf } from "./write-difference.ts";

/** Makes a delta's `mysql/`: for each table that changed, the rows that update it. */
export async function* differingTables(
  task: DifferenceTask,
  chain: MadeChain<MysqlManifest>,
): AsyncGenerator<StepEvent> {
  const { keys } = task;
  const { manifest: whole } = await readMysqlManifest(task.whole, keys.identities);
  const known = chain.links.at(-1)!.manifest.tables.filter((t) => t.change !== "dropped");
  const isOne = (a: MysqlTable, b: MysqlTable): boolean => a.table === b.table && a.database === b.database;
  const tables: MysqlTable[] = [];
  const totalItems = whole.tables.length;
  for (const [i, table] of whole.tables.entries()) {
    const before = known.find((t) => isOne(t, table));
    tables.push(
      before === undefined || !hasSameColumns(before, table)
        ? await anew(task, table)
        : await changedTable(task, linksOf(chain, before), before, table, `${String(i).padStart(5, "0")}/`),
    );
    yield { kind: "progress", stage: "difference", items: i + 1, bytes: 0, totalItems };
  }
  for (const table of known)
    if (!whole.tables.some((t) => isOne(t, table)))
      tables.push({ ...unchangedTable(table), change: "dropped", digest: EMPTY_DIGEST, extra: [] });
  await copyFiles(
    task,
    whole.namespaces.flatMap((n) => [...n.quarantine, ...(n.listed ?? [])]),
  );
  const { profile, profileFacts, target, namespaces, databases } = whole;
  await completeMysqlFolder(task.folder, {
    sourceManifestSha256: task.sourceManifestSha256,
    delta: task.delta,
    profile,
    ...(profileFacts === undefined ? {} : { profileFacts }),
    ...(target === undefined ? {} : { target }),
    namespaces,
    entries: tables,
    databases,
    startedAt: task.startedAt,
    version: task.version,
    encryption: task.encryption,
  });
  const accounts = namespaces.map((n) => ({
    ...linesAccount(n),
    tables: tables
      .filter((t) => t.namespace === n.namespace)
      .map((t) => ({
        table: t.table,
        rows: t.parts.reduce((sum, p) => sum + p.lineCount, 0),
        extra: t.extra,
      })),
  }));
  yield accountEvent(accounts, { databases });
}

async function anew(task: DifferenceTask, table: MysqlTable): Promise<MysqlTable> {
  await copyFiles(task, table.parts);
  return { ...table, change: "whole" };
}

function linksOf(chain: MadeChain<MysqlManifest>, before: MysqlTable): ListedItems[] {
  const links = earlierLinks(chain, (m: MysqlManifest) => m.tables, before);
  return links.map((l) => ({ folder: l.folder, ...l.entry }));
}

/**
 * Returns the entry of a table that a delta may change, and writes the rows that change it.
 *
 * @param links where the rows are that it had before: all, or those that may differ.
 * @param table the table after the delta: its digest, and its rows in the folder of the whole transform, or as
 * many of them.
 * @param prefix the beginning of the names of the files, relative to the folder that is written.
 */
export async function changedTable(
  task: DifferenceTask,
  links: readonly ListedItems[],
  before: MysqlTable,
  table: MysqlTable,
  prefix: string,
): Promise<MysqlTable> {
  // The counts after the delta are right, even if the link before has none.
  const { extra } = table;
  if (isSameDigest(before.digest, table.digest)) return { ...unchangedTable(before), extra };
  const { keys } = task;
  const reader = new RowReader(logicalTable(table), keys.identities);
  const suffix = ageSuffix(keys);
  const difference = await differenceOf(task, reader, links, table, {
    keysFile: `${prefix}keys.csv.zst${suffix}`,
    itemsFile: `${prefix}rows.csv.zst${suffix}`,
  });
  const { items, digest } = difference;
  return {
    ...unchangedTable(before),
    extra,
    change: "changed",
    digest: table.digest,
    largestValueBytes: table.largestValueBytes,
    largestRowBytes: table.largestRowBytes,
    parts: items === undefined ? [] : [{ ...items, digest }],
    keys: difference.keys === undefined ? [] : [difference.keys],
    goneCount: difference.goneCount,
  };
}

function hasSameColumns(a: MysqlTable, b: MysqlTable): boolean {
  return (
    a.rowEncoding === b.rowEncoding &&
    JSON.stringify([a.columns, a.keyColumns, a.logicalKey, a.createTable]) ===
      JSON.stringify([b.columns, b.keyColumns, b.logicalKey, b.createTable])
  );
}
