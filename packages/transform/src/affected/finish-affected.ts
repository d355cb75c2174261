import { rm } from "node:fs/promises";
import { join } from "node:path";
import { killPoint, type LineIndex, type SourceManifest } from "@firebreak/archive";
import { addDigests, subtractDigests } from "@firebreak/items";
import { placeInChain } from "../delta/made-chain.ts";
import { writeChanges } from "../delta/write-delta.ts";
import type { DifferenceTask } from "../difference/difference-task.ts";
import type { FolderTask } from "../folder-task.ts";
import type { Pass } from "../lines/passes.ts";
import { applicationNotCarried } from "../not-carried.ts";
import { finishFolder, itemFacts, nameOf, type Entry, type PlannedTarget } from "../output.ts";
import type { ProfilePlan } from "../profile.ts";
import { runsFolder } from "../profiled/profile-passes.ts";
import { factsOf } from "../profiled/profile-facts.ts";
import { isStaying } from "../profiled/profiled-archive.ts";
import { NeedsWhole, type TransformEvent } from "../transform-notes.ts";
import type { AffectedTask, IndexedManifest } from "./affected-targets.ts";
import type { ChainState } from "./chain-state.ts";
import { accountAfter, usesAfter, type MappedSides } from "./changed-account.ts";
import { affectedFolder, partsOf } from "./map-side.ts";

/** The mapped lines of both sides, which become the delta's changes, and the index for the next delta. */
export interface Changed {
  readonly pass: Pass;
  readonly sides: MappedSides;
  readonly lineIndex: LineIndex;
}

/**
 * Writes the changes of all targets, and last the manifest.
 *
 * @throws {NeedsWhole} if the counts of the link before cannot be right.
 */
export async function* finishAffected<E extends Entry, M extends IndexedManifest, T extends PlannedTarget<E>>(
  given: AffectedTask<E, M, T>,
  after: ChainState,
  plan: ProfilePlan,
  { pass, sides, lineIndex }: Changed,
): AsyncGenerator<TransformEvent> {
  const { task, targets, chain } = given;
  const { manifest } = chain.links.at(-1)!;
  const { beginning, last } = after;
  const mapped = new Set(beginning.groups.flatMap((g) => g.namespaces));
  const planned = targets.planned(plan);
  const placeOf = (e: E): number =>
    planned.findIndex((t) => t.name === nameOf(e) && t.database === e.database);
  const known = targets.changes.entriesOf(manifest).filter((e) => e.change !== "dropped");
  const entries: E[] = [];
  for (const [i, entry] of known.filter((e) => placeOf(e) >= 0).entries())
    entries.push(await changedEntry(given, pass, sides, { entry, target: placeOf(entry), number: i }));
  killPoint("changes-made");
  const { namespaces: listed } = task.source.manifest;
  const others = yield* writeChanges(task, targets.changes, chain, {
    keepsExpired: false,
    known: known.filter((e) => placeOf(e) < 0),
    namespaces: targets.inDatabase(
      plan,
      listed.filter((n) => !mapped.has(n.namespace) && !isStaying(beginning, n)),
    ),
  });
  const ofDelta = listed.filter((n) => n.change !== "dropped" && mapped.has(n.namespace));
  const notCarried = await applicationNotCarried(task, ofDelta);
  const uses = [...mapped].map((namespace) => {
    const earlier = manifest.namespaces.find((n) => n.namespace === namespace);
    const lacking = notCarried.get(namespace) ?? earlier?.notCarried ?? [];
    return accountAfter(namespace, earlier, lacking, sides);
  });
  const staying = last
    .map(({ entry }) => entry)
    .filter((n) => !mapped.has(n.namespace) && isStaying(beginning, n));
  const lineFacts = usesAfter(
    manifest.profileFacts ?? { remarks: {}, quarantined: {} },
    beginning.groups.map(({ name }) => name),
    sides,
  );
  const profileFacts = factsOf(plan, lineFacts, staying);
  if (hasNegative([uses, profileFacts.remarks, profileFacts.quarantined, entries.map((e) => e.digest)]))
    throw new NeedsWhole("counts-differ");
  await rm(affectedFolder(pass.folder), { recursive: true, force: true });
  await rm(runsFolder(pass.folder), { recursive: true, force: true });
  yield* finishFolder(
    { ...task, source: { ...task.source, manifest: atEnd(task, [...last, ...after.views]) } },
    targets.changes,
    {
      delta: placeInChain(task, chain),
      profile: given.profile.name,
      profileFacts,
      ...(plan.target === undefined ? {} : { target: plan.target }),
      namespaces: [...uses, ...others.uses],
      entries: [...entries, ...others.entries],
      staying,
      lineIndex,
    },
  );
}

/** True if a number in a value is negative. */
function hasNegative(value: unknown): boolean {
  if (typeof value === "number") return value < 0;
  return typeof value === "object" && value !== null && Object.values(value).some(hasNegative);
}

/** Returns the delta's manifest with the namespaces at the end of the chain. */
function atEnd({ source }: FolderTask, last: ChainState["last"]): SourceManifest {
  return { ...source.manifest, namespaces: last.map(({ entry }) => entry) };
}

/** Returns the entry of a target of the profile after the delta. */
async function changedEntry<E extends Entry, M extends IndexedManifest, T extends PlannedTarget<E>>(
  { task, targets, chain }: AffectedTask<E, M, T>,
  pass: Pass,
  { before, after }: MappedSides,
  { entry, target, number }: { readonly entry: E; readonly target: number; readonly number: number },
): Promise<E> {
  const directory = `profile.changes/${String(number).padStart(5, "0")}`;
  const carried = await targets.changes.carry(pass, chain.links.at(-1)!.folder, entry, directory);
  const [was, is] = [before, after].map((side) =>
    itemFacts(side.flatMap(({ items }) => items.filter((i) => i.target === target))),
  );
  if (was!.parts.length === 0 && is!.parts.length === 0) return carried;
  const folder = affectedFolder(pass.folder);
  const difference: DifferenceTask = {
    whole: join(folder, "after"),
    folder: pass.folder,
    keys: pass.keys,
    encryption: task.source.encryption,
    sourceManifestSha256: task.source.sha256,
    delta: placeInChain(task, chain),
    startedAt: task.startedAt,
    version: task.version,
  };
  const links = [{ folder: join(folder, "before"), parts: partsOf(before, target) }];
  const digest = addDigests(subtractDigests(carried.digest, was!.digest), is!.digest);
  return targets.changed(difference, links, carried, { ...is!, digest }, `${directory}-`);
}
