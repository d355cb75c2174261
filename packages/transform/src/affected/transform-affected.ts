import { rm } from "node:fs/promises";
import { join } from "node:path";
import { dropScratch, FirebreakError, killPoint } from "@firebreak/archive";
import { makeFolder } from "../collections/mongodb-folder.ts";
import { lineCountOf, withLines, type Pass } from "../lines/passes.ts";
import type { Entry, PlannedTarget } from "../output.ts";
import { SurveysDiffer, type ProfileBeginning, type ProfilePlan, type ProfileSurveys } from "../profile.ts";
import { lineIndexOf, mergedSurveys, surveyGroups, surveysOf } from "../profiled/profiled-archive.ts";
import { runsFolder } from "../profiled/profile-passes.ts";
import { NeedsWhole, type TransformEvent } from "../transform-notes.ts";
import type { AffectedTask, IndexedManifest } from "./affected-targets.ts";
import { chainIndex } from "./chain-index.ts";
import { chainState, type ChainState } from "./chain-state.ts";
import type { MappedSides } from "./changed-account.ts";
import { indexAfter, writeSuperseded } from "./changed-index.ts";
import { withTurned } from "./turned-lines.ts";
import { findLines, type FoundLines } from "./find-lines.ts";
import { finishAffected } from "./finish-affected.ts";
import { affectedFolder, mapSide } from "./map-side.ts";
import { hasDecided, hasTargets, movedKeys } from "./moved-keys.ts";

/**
 * Transforms a delta with a profile, at a cost in proportion to what changed: it maps the lines that the delta
 * affects as they were and as they are, and keeps the difference.
 *
 * @throws {NeedsWhole} if it has to be done from the whole chain.
 * @throws {FirebreakError} a fault of the profile, or of archive.
 */
export async function* transformAffected<
  E extends Entry,
  M extends IndexedManifest,
  T extends PlannedTarget<E>,
>(given: AffectedTask<E, M, T>): AsyncGenerator<TransformEvent> {
  const { task, targets, chain, profile } = given;
  const { pass: shared, source } = task;
  const { identities } = shared.keys;
  const { manifest: earlier } = chain.links.at(-1)!;
  if (earlier.run.firebreak !== task.version) throw new NeedsWhole("other-version");
  await makeFolder(runsFolder(shared.folder));
  try {
    const before = await chainState(chain.archives.slice(0, -1), profile, targets.to, identities);
    const after = await chainState(chain.archives, profile, targets.to, identities);
    const index = yield* chainIndex(task, chain, before);
    if (index === undefined) throw new NeedsWhole("no-survey");
    const { namespaces } = source.manifest;
    const present = namespaces.filter((n) => n.kind !== "view" && n.change !== "dropped");
    const pass = withLines(shared, 2 * lineCountOf(present.flatMap((n) => n.parts)));
    const { number } = source.manifest.delta!;
    const { known } = after;
    const lines = { namespaces: present, known, link: number, earlier: index.surveys };
    const fresh = yield* surveyGroups(pass, after.beginning, lines);
    const surveys = mergedSurveys(after.beginning, index.surveys, surveysOf(fresh));
    const own = lineIndexOf(number, fresh, surveys);
    if (own === undefined) throw new NeedsWhole("no-survey");
    const plans = plansOf(before.beginning, index.surveys, after.beginning, surveys);
    const ranges = movedKeys(plans.before, plans.after);
    const isSame = hasDecided(earlier.profileFacts, plans.before) && hasTargets(given, plans.after);
    if (ranges === undefined || !isSame) throw new NeedsWhole("other-plan");
    const find = { before, after, index, fresh, number, namespaces, surveys, ranges };
    const found = yield* findLines(pass, find);
    killPoint("lines-found");
    const mapped = yield* mapSides(pass, given, { before, after }, plans, found);
    const sides = withTurned(mapped, plans, found.turned);
    killPoint("lines-mapped");
    const marked = found.marked.map(({ link, part: { file }, marks: { lines: marks } }) => ({
      link,
      file,
      marks,
    }));
    const superseded = await writeSuperseded(pass.folder, number, marked, pass.keys);
    yield* finishAffected(given, after, plans.after, {
      pass,
      sides,
      lineIndex: indexAfter(index.made, own, superseded),
    });
  } catch (error) {
    if (error instanceof SurveysDiffer) throw new NeedsWhole("other-plan");
    throw error;
  } finally {
    dropScratch(affectedFolder(shared.folder));
    await rm(affectedFolder(shared.folder), { recursive: true, force: true });
    await rm(runsFolder(shared.folder), { recursive: true, force: true });
  }
}

/** Makes the plans of both sides. */
function plansOf(
  before: ProfileBeginning,
  earlier: ProfileSurveys,
  after: ProfileBeginning,
  surveys: ProfileSurveys,
): Readonly<Record<"before" | "after", ProfilePlan>> {
  try {
    return { before: before.plan(earlier), after: after.plan(surveys) };
  } catch (error) {
    // The surveys count every line that the chain ever had.
    if (error instanceof FirebreakError) throw new NeedsWhole("contradicted");
    throw error;
  }
}

async function* mapSides<E extends Entry, M, T extends PlannedTarget<E>>(
  pass: Pass,
  { task, targets: { to } }: AffectedTask<E, M, T>,
  states: Readonly<Record<"before" | "after", ChainState>>,
  plans: Readonly<Record<"before" | "after", ProfilePlan>>,
  found: FoundLines,
): AsyncGenerator<TransformEvent, MappedSides> {
  const side = (name: "before" | "after") =>
    mapSide(pass, {
      folder: join(affectedFolder(pass.folder), name),
      usesFolder: name === "after" ? pass.folder : undefined,
      name: String(task.source.manifest.delta!.number),
      to,
      beginning: states[name].beginning,
      plan: plans[name],
      groups: found[name],
    });
  return { before: yield* side("before"), after: yield* side("after") };
}
