import { rm } from "node:fs/promises";
import { join } from "node:path";
import { INDEX_FOLDER } from "@firebreak/archive";
import type { FolderTask } from "../folder-task.ts";
import type { WrittenItems } from "../lines/item-sink.ts";
import type { Mapping } from "../lines/mapping.ts";
import { itemsSuffix, runPass, sourcePart, usesFiles } from "../lines/passes.ts";
import type { WriteTask, WrittenPart } from "../lines/write-part.ts";
import { applicationNotCarried } from "../not-carried.ts";
import { finishFolder, useOf, writeTargets, type Entry, type Output, type PlannedTarget } from "../output.ts";
import type { Profile } from "../profile.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { runsFolder } from "./profile-passes.ts";
import { profileFacts } from "./profile-facts.ts";
import { beginProfile, type ProfiledArchive, type ProfiledGroup } from "./profiled-archive.ts";

/** The tables or collections that a profile's mapping makes, and those of the namespaces in no group. */
export interface ProfiledTargets<E> {
  readonly targets: readonly {
    readonly name: string;
    /** The namespace whose lines the target gets if none is misplaced. */
    readonly namespace: string;
    readonly directory: string;
  }[];
  /** The folders, by namespace, for the lists and quarantine files of its lines. */
  readonly directories: ReadonlyMap<string, string>;
  entryOf(target: number, items: readonly WrittenItems[]): Promise<E>;
  readonly others: readonly PlannedTarget<E>[];
}

/**
 * Maps an application's lines by its profile, each to the table or collection that it belongs to. Other
 * namespaces go through the generic mapping if the profile says so.
 */
export async function* writeProfiled<E extends Entry>(
  task: FolderTask,
  profile: Profile,
  output: Output<E>,
  targetsOf: (task: FolderTask, profiled: ProfiledArchive) => Promise<ProfiledTargets<E>>,
): AsyncGenerator<TransformEvent> {
  const runs = runsFolder(task.pass.folder);
  try {
    const profiled = yield* beginProfile(task, profile, output.to);
    const targets = await targetsOf(task, profiled);
    const written: WrittenPart[][] = [];
    for (const group of profiled.groups)
      written.push(yield* writeGroup(profiled, group, targets, output.items));
    await rm(runs, { recursive: true, force: true });
    const others = yield* writeTargets(task.pass, targets.others);
    const items = written.flat().flatMap((w) => w.items);
    const entries: E[] = [];
    for (const i of targets.targets.keys())
      entries.push(
        await targets.entryOf(
          i,
          items.filter(({ target }) => target === i),
        ),
      );
    const notCarried = await applicationNotCarried(
      task,
      profiled.groups.flatMap((group) => group.namespaces),
    );
    const uses = profiled.groups.flatMap(({ namespaces, parts }, i) =>
      namespaces.map((ns) => {
        const ofNamespace = written[i]!.filter((_, part) => parts[part]!.ns.namespace === ns.namespace);
        return useOf(ns, ofNamespace, notCarried.get(ns.namespace) ?? [], true);
      }),
    );
    yield* finishFolder(task, output, {
      profile: profile.name,
      profileFacts: profileFacts(profiled, written),
      target: profiled.plan.target,
      ownTablesCheck: profiled.plan.ownTablesCheck,
      namespaces: [...uses, ...others.uses],
      entries: [...entries, ...others.entries],
      staying: profiled.staying,
      lineIndex: profiled.lineIndex,
    });
  } catch (error) {
    await rm(join(task.pass.folder, INDEX_FOLDER), { recursive: true, force: true });
    throw error;
  } finally {
    await rm(runs, { recursive: true, force: true });
  }
}

async function* writeGroup(
  { pass, plan, mappingOf }: ProfiledArchive,
  { parts, decisions }: ProfiledGroup,
  { targets, directories }: ProfiledTargets<unknown>,
  items: Mapping["to"],
): AsyncGenerator<TransformEvent, WrittenPart[]> {
  const suffix = itemsSuffix(pass, items);
  const tasks = parts.map(({ ns, part, name }, i): WriteTask => {
    const ofNamespace = directories.get(ns.namespace)!;
    const from = ofNamespace.slice(ofNamespace.lastIndexOf("/") + 1);
    return {
      ...sourcePart(pass, part),
      mapping: mappingOf(ns),
      namespace: ns.namespace,
      folder: pass.folder,
      targets: targets.map((target) => {
        const file = target.namespace === ns.namespace ? name : `from-${from}-${name}`;
        return { name: target.name, file: `${target.directory}/${file}${suffix}` };
      }),
      home: targets.findIndex((target) => target.namespace === ns.namespace),
      ...usesFiles(pass, `${ofNamespace}/${name}`),
      listed: plan.listed,
      decisions: decisions[i]!,
    };
  });
  return yield* runPass(pass, items, "write", tasks);
}
