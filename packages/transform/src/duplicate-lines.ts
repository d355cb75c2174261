import { keyHash } from "./key-hashes.ts";
import { readLines, sayableFields } from "./read-lines.ts";
import { RowMapper } from "./row-mapper.ts";
import type { TablePlan } from "./table-plan.ts";
import type { PartEntry } from "@firebreak/archive";

export interface DuplicatesTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly plan: TablePlan;
  readonly suspects: ReadonlySet<bigint>;
}

/** A document whose key may be another's too: its key cell, and its line counted from 1. */
export interface Suspect {
  readonly key: string;
  readonly line: number;
}

/** The documents of a part whose key's hash occurred more than once. */
export async function findSuspects({ sourceFile, part, plan, suspects }: DuplicatesTask): Promise<Suspect[]> {
  const mapper = new RowMapper(plan);
  const found: Suspect[] = [];
  await readLines(
    sourceFile,
    part,
    (read, line) => {
      const key = sayableFields(read)["_id"];
      if (key === undefined || !suspects.has(keyHash(key))) return;
      const mapped = mapper.map(read.line, read.document);
      if (mapped.kind === "row") found.push({ key: mapped.cells[0]!, line });
    },
    () => undefined,
  );
  return found;
}

/** Of suspects in the order of parts: the lines, part by part, whose key an earlier document has. */
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
