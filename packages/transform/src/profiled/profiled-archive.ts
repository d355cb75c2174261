import { mkdir } from "node:fs/promises";
import { shareValue } from "@firebreak/workers";
import {
  diskFault,
  readTableFile,
  type ProfileFacts,
  type SourceNamespace,
  type DatabaseKind,
  kindOfSource,
} from "@firebreak/archive";
import type { FolderTask } from "../folder-task.ts";
import type { LineDecision } from "../lines/line-mapper.ts";
import type { UsedLines } from "../lines/line-uses.ts";
import type { Mapping } from "../lines/mapping.ts";
import type { Pass } from "../lines/passes.ts";
import type { Profile, ProfileBeginning, ProfileNamespace, ProfilePlan, ProfileSurvey } from "../profile.ts";
import type { TransformEvent } from "../transform-notes.ts";
import {
  decideInGroup,
  groupParts,
  runsFolder,
  surveyGroup,
  type GroupPart,
  type SurveyedGroup,
} from "./profile-passes.ts";

/** An archive after a profile's first pass: everything is decided, and nothing is written yet. */
export interface ProfiledArchive {
  readonly pass: Pass;
  readonly plan: ProfilePlan;
  readonly groups: readonly ProfiledGroup[];
  /** Returns the profile's mapping of a namespace. */
  readonly mappingOf: (ns: ProfileNamespace) => Mapping;
  /** The namespaces in no group that the generic mapping takes. */
  readonly others: readonly SourceNamespace[];
  /** The namespaces that stay at the source. */
  readonly staying: readonly SourceNamespace[];
}

export interface ProfiledGroup {
  readonly name: string;
  readonly namespaces: readonly SourceNamespace[];
  readonly parts: readonly GroupPart[];
  /** For each part, the decisions about lines that share their key and do not stay. */
  readonly decisions: readonly ReadonlyMap<number, LineDecision>[];
}

/**
 * Runs the first pass over an application's lines, which gives the profile's decisions and the lines that
 * share a key. It leaves files in `runsFolder`, which the caller removes.
 *
 * @throws {FirebreakError} the profile's refusals.
 */
export async function* beginProfile(
  { source, pass: shared }: FolderTask,
  profile: Profile,
  to: DatabaseKind,
): AsyncGenerator<TransformEvent, ProfiledArchive> {
  const { manifest } = source;
  const namespaces = manifest.namespaces.filter((n) => n.kind !== "view");
  const known = new Map<string, ProfileNamespace>();
  for (const { namespace, database, collection, lineCount, metadata } of namespaces) {
    const isTable = kindOfSource(manifest) === "mysql";
    const table = isTable
      ? await readTableFile(shared.archive, { metadata }, shared.keys.identities)
      : undefined;
    known.set(namespace, { namespace, database, collection, lineCount, table });
  }
  const beginning = profile.begin({
    to,
    namespaces: [...known.values()],
    watermarkMs: Date.parse(manifest.run.startedAt),
  });
  const byName = new Map(namespaces.map((n) => [n.namespace, n]));
  const mapped = new Set(beginning.groups.flatMap((g) => g.namespaces));
  const isStaying = (n: SourceNamespace): boolean =>
    beginning.others === "stay" || beginning.staying.includes(n.namespace);
  const rest = namespaces.filter((n) => !mapped.has(n.namespace));
  const others = rest.filter((n) => !isStaying(n));
  const pass = { ...shared, totalLines: linesToRead(beginning, byName, others) };
  await mkdir(runsFolder(pass.folder), { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, runsFolder(pass.folder));
  });
  const surveyed = yield* surveyGroups(pass, beginning, namespaces, known);
  const surveys = surveysOf(surveyed);
  const plan = beginning.plan(surveys);
  const lookups = new Map(surveyed.map(({ name, runs }) => [name, runs.filter(({ count }) => count > 0)]));
  const targets = plan.tables.map(({ columns, rowEncoding }) => ({ columns, rowEncoding }));
  const common = shareValue({ data: plan.data, targets });
  const mappingOf = (namespace: ProfileNamespace): Mapping => ({
    by: "profile",
    to: to === "mysql" ? "rows" : "documents",
    module: beginning.module,
    shared: common,
    namespace,
    lookups,
  });
  const groups: ProfiledGroup[] = [];
  for (const [i, group] of surveyed.entries())
    groups.push({
      name: group.name,
      namespaces: beginning.groups[i]!.namespaces.map((name) => byName.get(name)!),
      parts: group.parts,
      decisions: yield* decideInGroup(pass, plan, group, mappingOf),
    });
  const staying = rest.filter(isStaying);
  return { pass, plan, groups, mappingOf, others, staying };
}

async function* surveyGroups(
  pass: Pass,
  beginning: ProfileBeginning,
  namespaces: readonly SourceNamespace[],
  known: ReadonlyMap<string, ProfileNamespace>,
): AsyncGenerator<TransformEvent, SurveyedGroup[]> {
  const surveyed: SurveyedGroup[] = [];
  let firstRun = 0;
  for (const { name, namespaces: ofGroup } of beginning.groups) {
    const parts = groupParts(namespaces, known, ofGroup);
    const data = beginning.surveyData(name, surveysOf(surveyed));
    surveyed.push(yield* surveyGroup(pass, beginning, { name, parts, firstRun }, data));
    firstRun += parts.length;
  }
  return surveyed;
}

function surveysOf(groups: readonly SurveyedGroup[]): Map<string, ProfileSurvey> {
  return new Map(groups.flatMap(({ name, survey }) => (survey === undefined ? [] : [[name, survey]])));
}

/**
 * Returns the number of lines to read. Each counts twice, although a group without a survey is read only
 * once; such groups have few lines. The generic mapping takes the others.
 */
function linesToRead(
  { groups }: ProfileBeginning,
  byName: ReadonlyMap<string, SourceNamespace>,
  others: readonly SourceNamespace[],
): number {
  const mapped = groups.flatMap((g) => g.namespaces).reduce((sum, n) => sum + byName.get(n)!.lineCount, 0);
  return 2 * (mapped + others.reduce((sum, n) => sum + n.lineCount, 0));
}

/** Returns the facts of a profile's work for the manifest and the report. */
export function profileFacts(
  { plan, groups, staying }: ProfiledArchive,
  written: readonly (readonly UsedLines[])[],
): ProfileFacts {
  const { options, settings, decisions, counts } = plan;
  const ofGroups = (counts: (w: UsedLines) => Readonly<Record<string, number>>): ProfileFacts["remarks"] =>
    Object.fromEntries(groups.map(({ name }, i) => [name, summed(written[i]!.map(counts))]));
  return {
    options,
    ...(settings === undefined ? {} : { settings }),
    decisions,
    counts,
    remarks: ofGroups((w) => w.remarks),
    quarantined: ofGroups((w) => w.reasons),
    staying: staying.map(({ namespace, lineCount }) => ({ namespace, lineCount })),
  };
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const of of counts)
    for (const [name, count] of Object.entries(of)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
