import { join } from "node:path";
import { INDEX_FOLDER, type PartEntry, type SourceNamespace } from "@firebreak/archive";
import { repeatedNumbers, type KeyRun } from "@firebreak/items";
import type { IndexFiles, IndexPlace } from "../line-index/index-writer.ts";
import { decideDuplicates } from "../lines/find-duplicates.ts";
import type { LineDecision } from "../lines/line-mapper.ts";
import type { Mapping } from "../lines/mapping.ts";
import { ageSuffix } from "../keys.ts";
import { partName, runPass, sourcePart, type Pass } from "../lines/passes.ts";
import type { ProfileBeginning, ProfileNamespace, ProfilePlan, ProfileSurvey } from "../profile.ts";
import type { TransformEvent } from "../transform-notes.ts";

/** A part of a group, in the order of namespaces and parts. */
export interface GroupPart {
  readonly ns: ProfileNamespace;
  readonly part: PartEntry;
  /** The folder of the part, if it is not in the archive. */
  readonly archive?: string;
  /** The name of the part's file, such as `00012`. */
  readonly name: string;
}

/** A group after its survey. */
export interface SurveyedGroup {
  readonly name: string;
  readonly parts: readonly GroupPart[];
  readonly survey: ProfileSurvey | undefined;
  /** The runs of keys, one for each part. Empty if the group was not surveyed. */
  readonly runs: readonly KeyRun[];
  /** The files of the index, one for each part; none for a part without lines. */
  readonly indexes: readonly (IndexFiles | undefined)[];
}

/** A group to survey. */
export interface GroupToSurvey {
  readonly name: string;
  readonly parts: readonly GroupPart[];
  /** The number of its first run. */
  readonly firstRun: number;
  /** The number of the link whose lines get an index; undefined if they have one. */
  readonly link: number | undefined;
}

/** Returns the parts of a group's namespaces, as far as there are any. */
export function groupParts(
  source: readonly SourceNamespace[],
  known: ReadonlyMap<string, ProfileNamespace>,
  namespaces: readonly string[],
): GroupPart[] {
  const byName = new Map(source.map((n) => [n.namespace, n]));
  return namespaces.flatMap((namespace) =>
    (byName.get(namespace)?.parts ?? []).map((part) => ({
      ns: known.get(namespace)!,
      part,
      name: partName(part.file),
    })),
  );
}

/** Returns the folder of the runs while a transform needs them. They belong to no archive. */
export function runsFolder(folder: string): string {
  return join(folder, "runs.partial");
}

/** Lets the profile survey every line of a group. */
export async function* surveyGroup(
  pass: Pass,
  beginning: ProfileBeginning,
  { name, parts, firstRun, link }: GroupToSurvey,
  data: unknown,
): AsyncGenerator<TransformEvent, SurveyedGroup> {
  if (data === undefined) return { name, parts, survey: undefined, runs: [], indexes: [] };
  const tasks = parts.map(({ ns, part, archive = pass.archive }, i) => ({
    ...sourcePart({ ...pass, archive }, part),
    module: beginning.module,
    data,
    namespace: ns,
    runFile: join(runsFolder(pass.folder), String(firstRun + i)),
    index: link === undefined ? undefined : indexPlace(pass, link, firstRun + i, part),
  }));
  const surveyed = yield* runPass(pass, "survey", "profileSurvey", tasks);
  const [first, ...rest] = surveyed.map((s) => s.survey);
  return {
    name,
    parts,
    survey: first === undefined ? undefined : rest.reduce((a, b) => beginning.merge(a, b), first),
    runs: surveyed.map((s) => s.run),
    indexes: surveyed.map((s) => s.index),
  };
}

/** Returns the place of the index of a part. The name reveals nothing. */
function indexPlace(
  pass: Pass,
  link: number,
  number: number,
  { lineCount }: Pick<PartEntry, "lineCount">,
): IndexPlace {
  return {
    folder: pass.folder,
    name: `${INDEX_FOLDER}/${link}-${String(number).padStart(5, "0")}`,
    suffix: `.zst${ageSuffix(pass.keys)}`,
    recipients: pass.keys.recipients,
    lineCount,
  };
}

/** Returns, for each part of a group, the decisions about the lines that share their key. */
export async function* decideInGroup(
  pass: Pass,
  plan: ProfilePlan,
  { parts, runs }: Pick<SurveyedGroup, "parts" | "runs">,
  mappingOf: (ns: ProfileNamespace) => Mapping,
): AsyncGenerator<TransformEvent, ReadonlyMap<number, LineDecision>[]> {
  const repeated = repeatedNumbers(runs);
  if (repeated.size === 0) return parts.map(() => new Map());
  const tasks = parts.map(({ ns, part, archive = pass.archive }, i) => ({
    ...sourcePart({ ...pass, archive }, part),
    mapping: mappingOf(ns),
    repeated,
    run: runs[i]!,
  }));
  return decideDuplicates(yield* runPass(pass, "duplicates", "duplicates", tasks), (duplicates) =>
    plan.decideDuplicates(duplicates),
  );
}
