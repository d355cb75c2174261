import { keyHash } from "./key-hashes.ts";
import type { Keys } from "./keys.ts";
import { readLines, type ReadLine, fromByteText, type PartEntry } from "@firebreak/archive";
import { RowMapper } from "./row-mapper.ts";
import type { TablePlan } from "./table-plan.ts";

export interface DuplicatesTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly plan: TablePlan;
  readonly suspects: ReadonlySet<bigint>;
  readonly keys: Keys;
}

/** A document whose key may be a duplicate: its key cell, and its line counted from 1. */
export interface Suspect {
  readonly key: string;
  readonly line: number;
}

/** Returns the documents of a part whose key has a hash that occurred more than once. */
export async function findSuspects({
  sourceFile,
  part,
  plan,
  suspects,
  keys,
}: DuplicatesTask): Promise<Suspect[]> {
  const mapper = new RowMapper(plan);
  const found: Suspect[] = [];
  const take = (read: ReadLine): void => {
    const { fields, number } = read;
    const at = fields.names.indexOf("_id");
    if (at < 0 || at >= fields.count || !suspects.has(keyHash(fields, at))) return;
    const mapped = mapper.map(read);
    if (mapped.kind === "row") found.push({ key: fromByteText(mapped.cells[0]!), line: number });
  };
  await readLines(sourceFile, part, keys, take, () => undefined);
  return found;
}

/** Returns, part by part, the lines whose key an earlier document has. Suspects come in the parts' order. */
export function laterDuplicates(parts: readonly (readonly Suspect[])[]): Set<number>[] {
  const taken = new Set<string>();
  return parts.map((suspects) => {
    const later = new Set<number>();
    for (const { key, line } of suspects) {
      if (taken.has(key)) later.add(line);
      taken.add(key);
    }
    return later;
  });
}
