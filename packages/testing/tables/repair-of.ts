import { join } from "node:path";
import { readMysqlManifest } from "@firebreak/archive";
import { expectedRows } from "../../mysql/src/target/checksum/expected-rows.ts";
import type { DifferingKey } from "../../mysql/src/target/repair/table-repair.ts";
import { RepairWriter, type RepairCounts } from "../../mysql/src/target/repair/repair-writer.ts";

export interface RepairRecipe {
  readonly archive: string;
  readonly repairFolder: string;
  /** By table. */
  readonly differences: Readonly<Record<string, readonly DifferingKey[]>>;
  readonly identities?: readonly string[];
  /** So few that keys do not fit in memory. */
  readonly memoryBytes?: number;
}

/** Makes a repair of an archive from differences that the test has made itself. */
export async function repairOf(recipe: RepairRecipe): Promise<RepairCounts | undefined> {
  const { archive, repairFolder, differences, identities, memoryBytes } = recipe;
  const folder = join(archive, "mysql");
  const { manifest } = await readMysqlManifest(folder, identities);
  const options = { archive, folder, repairFolder, version: "test", identities };
  const writer = await RepairWriter.open(options, memoryBytes);
  try {
    for (const [name, found] of Object.entries(differences)) {
      const table = manifest.tables.find((t) => t.table === name);
      if (table === undefined) throw new Error(`the archive has no table ${name}`);
      for (const difference of found) await writer.add(table, difference);
      await writer.endTable(expectedRows({ folder, identities }, table));
    }
    return await writer.seal();
  } finally {
    await writer.close();
  }
}

export const missing = (...key: string[]): DifferingKey => ({ kind: "missing", key });
export const changed = (...key: string[]): DifferingKey => ({ kind: "changed", key });
export const extra = (...key: string[]): DifferingKey => ({ kind: "extra", key, count: 1 });
