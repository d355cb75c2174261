import {
  accountEvent,
  linesAccount,
  logicalTable,
  type Account,
  type MysqlManifest,
  type MysqlNamespace,
  type MysqlTable,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST, subtractDigests } from "@firebreak/items";
import { databasesNotCarried } from "../not-carried.ts";
import { ageSuffix, partName, runPass, sourceFile, type Pass } from "../passes.ts";
import { writeTable } from "../table-passes.ts";
import { completeFolder, namespaceOf, rowsOf } from "../mysql-folder.ts";
import type { PartTask } from "../part-worker.ts";
import { nameTables, type NamedTable } from "../table-names.ts";
import { genericTables, tableDirectories } from "../to-tables.ts";
import type { FolderTask } from "../transform.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { changedExtra } from "./changed-extra.ts";
import { earlierTables } from "./earlier-tables.ts";
import type { MadeChain } from "./made-chain.ts";
import { planOfTable } from "./plan-of-table.ts";
import { planOf } from "./planned-table.ts";
import { refitTable } from "./refit-tables.ts";
import { setAsideNote } from "./set-aside-note.ts";
import { supersededDigests } from "./superseded-digests.ts";
import { eachRowKey, type SupersededRows } from "./superseded-rows.ts";

export interface DeltaOptions {
  /** True if rows stay whose documents a TTL index most likely removed. */
  readonly keepsExpired: boolean;
}

/**
 * Makes of a delta the changes for a MySQL that has the links before it: for each changed table, the keys
 * whose rows are deleted, and the rows that are inserted, in the table's columns. A table that is whole is
 * planned as in a full archive. Each table's digest covers all its rows afterwards: the digest before, minus
 * the rows that earlier links have for those keys, plus the new rows.
 *
 * @throws {FirebreakError} `delta-profile`, `delta-unplanned`, or a fault of archive.
 */
export async function* toDeltaTables(
  task: FolderTask,
  chain: MadeChain<MysqlManifest>,
  { keepsExpired }: DeltaOptions,
): AsyncGenerator<TransformEvent> {
  const { source } = task;
  const { delta } = source.manifest;
  const before = chain.links.at(-1)!.manifest;
  const known = before.tables.filter((t) => t.change !== "dropped");
  const namespaces = source.manifest.namespaces.filter((n) => n.kind !== "view" && n.change !== "dropped");
  const names = namesOf(namespaces, known);
  const directories =
    source.encryption?.names === "hidden"
      ? names.map((_, i) => String(i).padStart(5, "0"))
      : tableDirectories(names);
  const tables = new Map(known.map((t): [string, MysqlTable] => [t.namespace, asItWas(t)]));
  const mapped: MysqlNamespace[] = [];
  for (const [i, ns] of namespaces.entries()) {
    const table = tables.get(ns.namespace);
    if (ns.change === "changed" && table !== undefined) {
      const made = yield* changedTable(task, chain, { ns, table, directory: directories[i]!, keepsExpired });
      tables.set(ns.namespace, made.table);
      mapped.push(made.mapped);
      continue;
    }
    const whole = yield* genericTables(task, [ns], { names: [names[i]!], directories: [directories[i]!] });
    tables.set(ns.namespace, { ...whole.tables[0]!, change: "whole" });
    mapped.push(...whole.mapped);
  }
  for (const { namespace, change } of source.manifest.namespaces) {
    const table = tables.get(namespace);
    if (change === "dropped" && table !== undefined)
      tables.set(namespace, { ...table, change: "dropped", digest: EMPTY_DIGEST, extra: [] });
  }
  const databases = await databasesNotCarried(task, "mysql");
  await completeFolder(task.pass.folder, {
    sourceManifestSha256: source.sha256,
    delta: { baseSha256: chain.baseSha256, chainSha256: delta!.chainSha256, number: delta!.number },
    profile: before.profile,
    namespaces: mapped,
    tables: [...tables.values()],
    databases,
    startedAt: task.startedAt,
    version: task.version,
    encryption: source.encryption,
  });
  yield accountEvent(
    mapped.map((m) => accountOf(m, tables.get(m.namespace)!)),
    { databases },
  );
}

/** Returns the entry of a table that the delta does not change. */
export function asItWas(whole: MysqlTable): MysqlTable {
  const { change: _, keys: __, alter: ___, goneCount: ____, partsExtra: _____, ...table } = whole;
  return { ...table, parts: [] };
}

/** Names the tables. Existing tables keep their names, and new names do not collide with them. */
function namesOf(namespaces: readonly SourceNamespace[], known: readonly MysqlTable[]): NamedTable[] {
  const taken = new Map(known.map((t) => [t.namespace, t]));
  const others = known.filter((t) => !namespaces.some((n) => n.namespace === t.namespace));
  const all = nameTables([
    ...namespaces,
    ...others.map((t) => ({ namespace: t.namespace, database: t.database, collection: t.table })),
  ]);
  return namespaces.map((ns, i) => taken.get(ns.namespace) ?? all[i]!);
}

interface ChangedTable {
  readonly ns: SourceNamespace;
  /** The table before the delta. */
  readonly table: MysqlTable;
  readonly directory: string;
  readonly keepsExpired: boolean;
}

async function* changedTable(
  task: FolderTask,
  chain: MadeChain<MysqlManifest>,
  { ns, table: before, directory, keepsExpired }: ChangedTable,
): AsyncGenerator<TransformEvent, { table: MysqlTable; mapped: MysqlNamespace }> {
  const gone = [...(ns.deletes ?? []), ...(keepsExpired ? [] : (ns.expired ?? []))];
  const links = earlierTables(chain, before);
  const rowParts = links.flatMap((l) => l.table.parts);
  const work = [...ns.parts, ...ns.parts, ...ns.parts, ...gone, ...rowParts].reduce(
    (sum, p) => sum + p.lineCount,
    0,
  );
  const pass: Pass = { ...task.pass, totalLines: task.pass.counters.items + work };
  const { plan, table, widened = [], duplicates, notCarried } = yield* planOf(task, pass, ns, before);
  const written = yield* writeTable(pass, ns, plan, directory, duplicates);
  yield* setAsideNote(ns, table, written);
  const sources = [...ns.parts, ...gone];
  const keys = (yield* runPass(
    pass,
    "keys",
    sources.map((part): PartTask => ({
      stage: "keys",
      sourceFile: sourceFile(pass, part.file),
      part,
      plan,
      folder: pass.folder,
      keysFile: `${directory}/keys-${partName(part.file)}.csv.zst${ageSuffix(pass)}`,
      keys: pass.keys,
    })),
  )).flatMap((part) => (part === undefined ? [] : [part as PartEntry]));
  const { columns, rowEncoding } = table;
  const identified = { columns, keyColumns: logicalTable(table).keyColumns, rowEncoding };
  const superseded = yield* supersededDigests<SupersededRows>(
    pass,
    keys,
    links.map((l) => ({ folder: l.folder, ...l.table })),
    eachRowKey(identified, pass.keys),
    (rows, link, superseding) => ({
      stage: "superseded",
      rows,
      link,
      table: identified,
      superseding,
      extraColumns: planOfTable(links[link]!.table, ns.collection)?.columns,
      keys: pass.keys,
    }),
  );
  const rows = rowsOf(written, columns);
  const own = table.own && {
    ...table.own,
    hasOddDates: table.own.hasOddDates || written.some((w) => w.hasOddDates),
    ...(written.some((w) => w.hasJsonDecimals) ? { hasJsonDecimals: true } : {}),
    ...(written.some((w) => w.hasEnumZeros) ? { hasEnumZeros: true } : {}),
  };
  const made: MysqlTable = {
    ...table,
    ...(own === undefined ? {} : { own }),
    change: "changed",
    digest: addDigests(superseded.map((s) => s.digest).reduce(subtractDigests, table.digest), rows.digest),
    ...changedExtra(table, rows.extra, superseded),
    largestValueBytes: Math.max(table.largestValueBytes, rows.largestValueBytes),
    largestRowBytes: Math.max(table.largestRowBytes, rows.largestRowBytes),
    parts: rows.parts,
    keys,
  };
  const mapped = namespaceOf(ns, written, notCarried);
  if (plan.kind === "own" || widened.length === 0) return { mapped, table: made };
  return {
    mapped,
    table: yield* refitTable(pass, made, {
      plan,
      widened,
      links,
      keys,
      directory,
      collection: ns.collection,
    }),
  };
}

function accountOf(ns: MysqlNamespace, table: MysqlTable): Account {
  const rows = table.parts.reduce((sum, p) => sum + p.lineCount, 0);
  const extra = table.partsExtra ?? table.extra;
  return { ...linesAccount(ns), tables: [{ table: table.table, rows, extra }] };
}
