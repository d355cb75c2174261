import { fromByteText, readLines } from "@firebreak/archive";
import { KeyStore, type KeyRun } from "@firebreak/items";
import type {
  DuplicateDecision,
  LineDecision,
  LineMapper,
  MappedLine,
  PossibleDuplicate,
  TargetRow,
} from "./line-mapper.ts";
import { documentMapperOf, rowMapperOf } from "./mapper-of.ts";
import type { Mapping } from "./mapping.ts";
import type { SourcePart } from "./source-part.ts";

/** The task for a part whose keys other lines may have too. */
export interface DuplicatesTask extends SourcePart {
  readonly mapping: Mapping;
  /** The keys that occur more than once, as `keyOf` returns them. */
  readonly repeated: ReadonlySet<bigint>;
  /** The part's own keys, if their file still exists. */
  readonly run?: KeyRun;
}

export interface FoundDuplicate extends PossibleDuplicate {
  /** The line, counted from 1. */
  readonly line: number;
}

/** Returns the lines of a part whose key another line may have. */
export async function findDuplicates(task: DuplicatesTask): Promise<FoundDuplicate[]> {
  const { mapping, repeated, run } = task;
  const own = run === undefined ? undefined : new KeyStore(run);
  if (own !== undefined && ![...repeated].some((key) => own.has(key))) return [];
  return mapping.to === "rows"
    ? find(task, await rowMapperOf(mapping), mapping.by === "plan" ? duplicateByKeyCell : duplicateOf)
    : find(task, await documentMapperOf(mapping, task), duplicateOf);
}

async function find<Item>(
  { sourceFile, part, keys, repeated }: DuplicatesTask,
  mapper: LineMapper<Item>,
  factsOf: (mapped: MappedLine<Item>) => PossibleDuplicate | undefined,
): Promise<FoundDuplicate[]> {
  const found: FoundDuplicate[] = [];
  await readLines(
    sourceFile,
    part,
    keys,
    (read) => {
      const key = mapper.keyOf(read);
      if (key === undefined || !repeated.has(BigInt.asUintN(64, key))) return;
      const facts = factsOf(mapper.map(read));
      if (facts !== undefined) found.push({ ...facts, line: read.number });
    },
    () => undefined,
  );
  return found;
}

function duplicateOf(mapped: MappedLine<unknown>): PossibleDuplicate | undefined {
  return mapped.kind === "skipped" ? undefined : mapped.duplicate;
}

/** Returns the facts of a row of a generic table, whose first cell is its key. */
function duplicateByKeyCell(mapped: MappedLine<TargetRow>): PossibleDuplicate | undefined {
  if (mapped.kind !== "mapped") return undefined;
  return { key: fromByteText(mapped.outputs[0]!.cells[0]!), identity: "", rank: 0n };
}

/**
 * Decides about the lines that share a key. Returns, for each part, the lines that do not stay.
 *
 * @param decide gets at least two lines, in the order of the parts and their lines.
 */
export function decideDuplicates(
  parts: readonly (readonly FoundDuplicate[])[],
  decide: (duplicates: readonly PossibleDuplicate[]) => DuplicateDecision,
): Map<number, LineDecision>[] {
  const placed = parts.flatMap((duplicates, part) => duplicates.map((found) => ({ ...found, part })));
  const decisions = parts.map(() => new Map<number, LineDecision>());
  for (const duplicates of Map.groupBy(placed, ({ key }) => key).values()) {
    if (duplicates.length < 2) continue;
    const { kept, others } = decide(duplicates);
    for (const [i, { part, line }] of duplicates.entries())
      if (i !== kept) decisions[part]!.set(line, others);
  }
  return decisions;
}
