import { join } from "node:path";
import { isSameDigest, TableDigest, type ChainNamespace } from "@firebreak/items";
import {
  memberNumbersOf,
  readTableFile,
  sourceDirectory,
  tableFileText,
  type PartEntry,
  type SourceNamespace,
  type SourceTable,
} from "@firebreak/archive";
import { keyBorders, rangeSql, rowSelect, type FoundTable } from "@firebreak/mysql";
import { makeFolder } from "../../mongodb/plan-collection.ts";
import { changedNamespace, hasChanges, metadataText, type NamedNamespace } from "../changed-namespace.ts";
import { eachStandingLine, scratchOf, type ChainScratch } from "./chain-lines.ts";
import { ChangeWriter, type WrittenChanges } from "../change-writer.ts";
import { compareRows, type KeyedTable } from "./compare-rows.ts";
import type { DeltaTarget } from "../delta-source.ts";
import type { Moment } from "./open-moment.ts";
import { TableLines } from "./table-lines.ts";

/** A table or view to compare with its state in a chain, if the chain has it. */
export interface ComparedTable {
  readonly found: FoundTable;
  readonly known: ChainNamespace | undefined;
  /** Distinguishes folders if names are hidden. */
  readonly index: number;
}

/**
 * Writes the changes of a table since a chain. A table is compared by its key if ranges can be cut by that
 * key. Otherwise it is written as a whole if its rows differ. It is also written as a whole if its definition
 * differs.
 *
 * @returns the manifest's entry; undefined if the table is unchanged.
 * @throws {FirebreakError} of mysql or archive.
 */
export async function compareTable(
  moment: Moment,
  { found, known, index }: ComparedTable,
  target: DeltaTarget,
): Promise<SourceNamespace | undefined> {
  const { namespace, database, name: collection, kind, table } = found;
  const ns: NamedNamespace = { namespace, database, collection, kind, ...memberNumbersOf(table) };
  const text = tableFileText(ns, table);
  const whole = async (): Promise<SourceNamespace> => {
    const parts = kind === "view" ? [] : await writeWhole(moment, found, index, target);
    return changedNamespace(target, ns, index, { change: "whole", text, parts });
  };
  if (known === undefined || known.last.entry.kind !== kind) return whole();
  const isOtherText = (await metadataText(known.last, target)) !== text;
  if (kind === "view") return isOtherText ? whole() : undefined;
  const { folder, entry } = known.last;
  const before = await readTableFile(folder, entry, target.identities);
  if (definitionOf(before) !== definitionOf(table)) return whole();
  const borders = keyBorders(found);
  if (borders !== undefined) {
    const changes = await writeChanges(moment, { found, borders, known }, index, target);
    if (hasChanges(changes))
      return changedNamespace(target, ns, index, { change: "changed", text, ...changes });
  } else if (!(await isSameContent(moment, found, known, scratchOf(target, index, "keys")))) return whole();
  return isOtherText ? changedNamespace(target, ns, index, { change: "changed", text }) : undefined;
}

/** The counter is no part of a definition, since every row that is written moves it. */
function definitionOf({ createStatement, columns }: SourceTable): string {
  return JSON.stringify([createStatement.replace(/ AUTO_INCREMENT=\d+/, ""), columns]);
}

async function writeChanges(
  moment: Moment,
  keyed: KeyedTable,
  index: number,
  target: DeltaTarget,
): Promise<WrittenChanges> {
  const { archive, encryption, partBytes } = target;
  const { database, name: collection } = keyed.found;
  const writer = new ChangeWriter({
    archive,
    directory: sourceDirectory(encryption, { database, collection }, index),
    recipients: encryption?.recipients ?? [],
    partBytes,
    scratch: scratchOf(target, index, "changes").scratch,
  });
  try {
    const places = {
      keys: scratchOf(target, index, "keys"),
      changes: scratchOf(target, index, "changes"),
      jobs: target.jobs,
    };
    await compareRows(moment, keyed, places, writer);
    return await writer.finish();
  } catch (error) {
    await writer.close();
    throw error;
  }
}

async function writeWhole(
  { pool }: Moment,
  found: FoundTable,
  index: number,
  { archive, encryption, partBytes }: DeltaTarget,
): Promise<readonly PartEntry[]> {
  const { namespace, database, name: collection, table } = found;
  const directory = sourceDirectory(encryption, { database, collection }, index);
  await makeFolder(join(archive, directory));
  const task = {
    archive,
    recipients: encryption?.recipients ?? [],
    namespace,
    directory,
    index: 0,
    sql: rangeSql(found, { index: 0 }),
    select: rowSelect(table.columns),
    partBytes,
  };
  return (await pool.run("rows", task)).parts;
}

/** Compares digests of all rows, whatever their order: two tables with the same rows are the same. */
async function isSameContent(
  { pool }: Moment,
  found: FoundTable,
  known: ChainNamespace,
  target: ChainScratch,
): Promise<boolean> {
  const kinds = new TableLines(found.table);
  const digest = new TableDigest();
  await eachStandingLine(known, target, kinds.keyFields, (read) => digest.add(kinds.valueOf(read)));
  const server = await pool.run("digest", found);
  return kinds.isHashed && server.hashedCount === server.rowCount && isSameDigest(server, digest.toPlain());
}
