import { mkdir } from "node:fs/promises";
import { shareValue } from "@firebreak/workers";
import {
  diskFault,
  readTableFile,
  type SourceNamespace,
  type DatabaseKind,
  type LineIndex,
} from "@firebreak/archive";
import type { ChainListing } from "@firebreak/items";
import type { FolderTask } from "../folder-task.ts";
import type { LineDecision } from "../lines/line-mapper.ts";
import type { Mapping } from "../lines/mapping.ts";
import type { Pass } from "../lines/passes.ts";
import type {
  Profile,
  ProfileBeginning,
  ProfileNamespace,
  ProfilePlan,
  ProfileSurvey,
  ProfileSurveys,
} from "../profile.ts";
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
  readonly lineIndex: LineIndex | undefined;
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
  { source, pass: shared, watermarkMs = Date.parse(source.manifest.run.startedAt) }: FolderTask,
  profile: Profile,
  to: DatabaseKind,
): AsyncGenerator<TransformEvent, ProfiledArchive> {
  const { manifest } = source;
  const namespaces = manifest.namespaces.filter((n) => n.kind !== "view");
  const known = await profileNamespaces(
    namespaces.map((entry) => ({ folder: shared.archive, entry })),
    shared.keys.identities,
  );
  const beginning = profile.begin({
    to,
    namespaces: [...known.values()],
    watermarkMs,
  });
  const byName = new Map(namespaces.map((n) => [n.namespace, n]));
  const mapped = new Set(beginning.groups.flatMap((g) => g.namespaces));
  const rest = namespaces.filter((n) => !mapped.has(n.namespace));
  const others = rest.filter((n) => !isStaying(beginning, n));
  const pass = { ...shared, totalLines: linesToRead(beginning, byName, others) };
  await mkdir(runsFolder(pass.folder), { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, runsFolder(pass.folder));
  });
  const surveyed = yield* surveyGroups(pass, beginning, { namespaces, known, link: 0 });
  const surveys = surveysOf(surveyed);
  const plan = beginning.plan(surveys);
  const mappingOf = profileMapping(beginning, plan, to, surveyed);
  const groups: ProfiledGroup[] = [];
  for (const [i, group] of surveyed.entries())
    groups.push({
      name: group.name,
      namespaces: beginning.groups[i]!.namespaces.map((name) => byName.get(name)!),
      parts: group.parts,
      decisions: yield* decideInGroup(pass, plan, group, mappingOf),
    });
  const staying = rest.filter((n) => isStaying(beginning, n));
  return { pass, plan, groups, mappingOf, others, staying, lineIndex: lineIndexOf(0, surveyed, surveys) };
}

/** True if a namespace that the profile does not map stays in the archive. */
export function isStaying(
  { others, staying }: Pick<ProfileBeginning, "others" | "staying">,
  { namespace }: Pick<SourceNamespace, "namespace">,
): boolean {
  return others === "stay" || staying.includes(namespace);
}

/** Describes namespaces for a profile, from the archives that list them last. */
export async function profileNamespaces(
  listings: readonly ChainListing[],
  identities: readonly string[],
): Promise<Map<string, ProfileNamespace>> {
  const known = new Map<string, ProfileNamespace>();
  for (const { folder, entry } of listings) {
    const { namespace, database, collection, kind, lineCount, metadata } = entry;
    const table = kind === "table" ? await readTableFile(folder, { metadata }, identities) : undefined;
    known.set(namespace, { namespace, database, collection, lineCount, table });
  }
  return known;
}

/** Returns the function that gives the profile's mapping of a namespace. */
export function profileMapping(
  { module }: Pick<ProfileBeginning, "module">,
  plan: ProfilePlan,
  to: DatabaseKind,
  groups: readonly Pick<SurveyedGroup, "name" | "runs">[],
): (ns: ProfileNamespace) => Mapping {
  const lookups = new Map(groups.map(({ name, runs }) => [name, runs.filter(({ count }) => count > 0)]));
  const targets = plan.tables.map(({ columns, rowEncoding }) => ({ columns, rowEncoding }));
  const shared = shareValue({ data: plan.data, targets });
  return (namespace) => ({
    by: "profile",
    to: to === "mysql" ? "rows" : "documents",
    module,
    shared,
    namespace,
    lookups,
  });
}

/** The lines to survey, and what is known before. */
export interface LinesToSurvey {
  readonly namespaces: readonly SourceNamespace[];
  readonly known: ReadonlyMap<string, ProfileNamespace>;
  /** The number of the link that the lines are of. */
  readonly link: number;
  /** The surveys of earlier lines, by group. */
  readonly earlier?: ProfileSurveys;
}

/** Surveys all groups, one after the other, and writes the index of their lines. */
export async function* surveyGroups(
  pass: Pass,
  beginning: ProfileBeginning,
  { namespaces, known, link, earlier = new Map() }: LinesToSurvey,
): AsyncGenerator<TransformEvent, SurveyedGroup[]> {
  const surveyed: SurveyedGroup[] = [];
  let firstRun = 0;
  for (const { name, namespaces: ofGroup } of beginning.groups) {
    const parts = groupParts(namespaces, known, ofGroup);
    const data = beginning.surveyData(name, mergedSurveys(beginning, earlier, surveysOf(surveyed)));
    surveyed.push(yield* surveyGroup(pass, beginning, { name, parts, firstRun, link }, data));
    firstRun += parts.length;
  }
  return surveyed;
}

/** Returns the surveys of earlier lines together with those of more lines. */
export function mergedSurveys(
  { merge }: Pick<ProfileBeginning, "merge">,
  earlier: ProfileSurveys,
  more: ProfileSurveys,
): ProfileSurveys {
  const merged = new Map(earlier);
  for (const [group, survey] of more) {
    const before = merged.get(group);
    merged.set(group, before === undefined ? survey : merge(before, survey));
  }
  return merged;
}

/**
 * Returns the manifest's entry for the index of surveyed lines. Undefined if a group was not surveyed.
 *
 * @param surveys those of all lines that the chain ever had.
 */
export function lineIndexOf(
  link: number,
  groups: readonly SurveyedGroup[],
  surveys: ProfileSurveys,
): LineIndex | undefined {
  if (groups.some(({ parts, runs }) => runs.length < parts.length)) return undefined;
  return {
    from: link,
    parts: groups.flatMap(({ parts, indexes }) =>
      parts.flatMap(({ ns: { namespace }, part }, i) => {
        const index = indexes[i];
        return index === undefined ? [] : [{ link, namespace, part: part.file, ...index }];
      }),
    ),
    superseded: [],
    surveys: Object.fromEntries(surveys),
  };
}

export function surveysOf(groups: readonly SurveyedGroup[]): Map<string, ProfileSurvey> {
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
