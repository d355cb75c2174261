import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, type DatabaseKind, type PartEntry } from "@firebreak/archive";
import type { KeyRun } from "@firebreak/items";
import { LocalStages } from "@firebreak/workers";
import type { PartOfChain } from "../lines/line-uses.ts";
import { itemsSuffix, runPass, sourcePart, usesFiles, type Pass } from "../lines/passes.ts";
import type { ScratchKind, WriteTask, WrittenPart } from "../lines/write-part.ts";
import type { ProfileBeginning, ProfilePlan } from "../profile.ts";
import { profileMapping } from "../profiled/profiled-archive.ts";
import { decideInGroup, type GroupPart } from "../profiled/profile-passes.ts";
import type { TransformEvent } from "../transform-notes.ts";

/** A part to map, with its keys and its place in the chain. */
export interface SidePart extends GroupPart {
  readonly run: KeyRun;
  readonly origin: PartOfChain;
}

/** The lines of a group to map, and the keys of those that they only look up. */
export interface SideGroup {
  readonly name: string;
  readonly parts: readonly SidePart[];
  readonly lookups: readonly KeyRun[];
}

/** The files that mapping one part wrote, with the group and the namespace of its lines. */
export interface MappedPart extends WrittenPart {
  readonly group: string;
  readonly namespace: string;
}

/** The state of the chain on one side of the delta. */
export interface SideTask {
  readonly folder: string;
  /** The folder of files with set-aside and listed lines, if they are to stay; and how their names begin. */
  readonly usesFolder: string | undefined;
  readonly name: string;
  readonly to: DatabaseKind;
  readonly beginning: ProfileBeginning;
  readonly plan: ProfilePlan;
  readonly groups: readonly SideGroup[];
}

/** Maps the lines that a delta affects, as if there were no others, in the state of one side. */
export async function* mapSide(
  shared: Pass,
  { folder, usesFolder, name, to, beginning, plan, groups }: SideTask,
): AsyncGenerator<TransformEvent, MappedPart[]> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
  const pass = { ...shared, folder };
  const mappingOf = profileMapping(
    beginning,
    plan,
    to,
    groups.map((g) => ({ name: g.name, runs: [...g.parts.map(({ run }) => run), ...g.lookups] })),
  );
  const targets =
    to === "mysql"
      ? plan.tables.map((t) => ({ name: t.table, namespace: t.namespace }))
      : plan.collections.map((c) => ({ name: c.collection, namespace: c.namespace }));
  const items = to === "mysql" ? "rows" : "documents";
  const suffix = itemsSuffix(pass, items);
  const mapped: MappedPart[] = [];
  let place = 0;
  for (const { name: group, parts } of groups) {
    const runs = parts.map(({ run }) => run);
    const decisions = yield* decideInGroup(pass, plan, { parts, runs }, mappingOf);
    const tasks = parts.map(({ ns, part, archive = pass.archive, origin }, i): WriteTask => {
      const file = String(place++).padStart(5, "0");
      return {
        ...sourcePart({ ...pass, archive }, part),
        mapping: mappingOf(ns),
        namespace: ns.namespace,
        origin,
        scratch: scratchKind(pass),
        usesFolder,
        folder,
        targets: targets.map((target, at) => ({ name: target.name, file: `${at}/${file}${suffix}` })),
        home: targets.findIndex((target) => target.namespace === ns.namespace),
        ...usesFiles(pass, `${name}-${file}`),
        listed: plan.listed,
        decisions: decisions[i]!,
      };
    });
    const written = yield* runPass(pass, items, "write", tasks);
    mapped.push(...written.map((w, i) => ({ ...w, group, namespace: parts[i]!.ns.namespace })));
  }
  return mapped;
}

/** Returns the parts of a target that a side has. */
export function partsOf(mapped: readonly MappedPart[], target: number): PartEntry[] {
  return mapped.flatMap(({ items }) => items.filter((i) => i.target === target).map(({ part }) => part));
}

/** Returns how files are written that only this run needs. */
export function scratchKind({ pool }: Pick<Pass, "pool">): ScratchKind {
  return { isScratch: true, isOwn: pool instanceof LocalStages };
}

/** Returns the folder for what a transform needs only while it runs, within the folder that it writes. */
export function affectedFolder(folder: string): string {
  return join(folder, "affected.partial");
}
