import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { PartEntry, SourceNamespace } from "@firebreak/archive";
import type { PartTask } from "../part-worker.ts";
import { partName, runPass, sourceFile, type Pass } from "../passes.ts";
import type { ProfileBeginning, ProfileNamespace, ProfilePlan, ProfileSurvey } from "../profile.ts";
import { repeatedHashes } from "../repeated-hashes.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { settleTwins, type FoundTwin, type TwinFate } from "./find-twins.ts";
import type { KeyRun } from "./key-run.ts";
import type { SurveyedLines } from "./survey-lines.ts";

/** A part of a group, in the order of namespaces and parts. */
export interface GroupPart {
  readonly ns: ProfileNamespace;
  readonly part: PartEntry;
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
}

/** Returns the parts of a group's namespaces. */
export function groupParts(
  source: readonly SourceNamespace[],
  known: ReadonlyMap<string, ProfileNamespace>,
  namespaces: readonly string[],
): GroupPart[] {
  const byName = new Map(source.map((n) => [n.namespace, n]));
  return namespaces.flatMap((namespace) =>
    byName
      .get(namespace)!
      .parts.map((part) => ({ ns: known.get(namespace)!, part, name: partName(part.file) })),
  );
}

/** Returns the folder of the runs while a transform needs them. They belong to no archive. */
export function runsFolder(folder: string): string {
  return join(folder, "runs");
}

/**
 * Returns a secret for this transform only, which keeps an encrypted archive's plaintext off the disk.
 * Returns undefined for an unencrypted archive.
 */
export function runSecret(recipients: readonly string[]): Uint8Array | undefined {
  return recipients.length === 0 ? undefined : new Uint8Array(randomBytes(32));
}

/** Lets the profile survey every line of a group. */
export async function* surveyGroup(
  pass: Pass,
  beginning: ProfileBeginning,
  group: { readonly name: string; readonly parts: readonly GroupPart[]; readonly firstRun: number },
  data: unknown,
  secret: Uint8Array | undefined,
): AsyncGenerator<TransformEvent, SurveyedGroup> {
  const { name, parts, firstRun } = group;
  if (data === undefined) return { name, parts, survey: undefined, runs: [] };
  const tasks = parts.map(({ ns, part }, i): PartTask => ({
    stage: "profileSurvey",
    sourceFile: sourceFile(pass, part.file),
    part,
    keys: pass.keys,
    module: beginning.module,
    data,
    namespace: ns,
    runFile: join(runsFolder(pass.folder), String(firstRun + i)),
    runNumber: firstRun + i,
    runSecret: secret,
  }));
  const surveyed = (yield* runPass(pass, "survey", tasks)) as SurveyedLines[];
  const [first, ...rest] = surveyed.map((s) => s.survey);
  return {
    name,
    parts,
    survey: first === undefined ? undefined : rest.reduce((a, b) => beginning.merge(a, b), first),
    runs: surveyed.map((s) => s.run),
  };
}

/** Returns, for each part of a group, the outcome for the lines that share their key. */
export async function* settleGroup(
  pass: Pass,
  { module }: ProfileBeginning,
  plan: ProfilePlan,
  { parts, runs }: SurveyedGroup,
  to: "mysql" | "mongodb",
  lookups: ReadonlyMap<string, readonly KeyRun[]>,
): AsyncGenerator<TransformEvent, ReadonlyMap<number, TwinFate>[]> {
  const repeated = await repeatedHashes(runs.filter((run) => run.count > 0).map((run) => run.keysFile));
  if (repeated.size === 0) return parts.map(() => new Map());
  const tasks = parts.map(({ ns, part }, i): PartTask => ({
    stage: "profileTwins",
    sourceFile: sourceFile(pass, part.file),
    part,
    keys: pass.keys,
    module,
    data: plan.data,
    namespace: ns,
    to,
    run: runs[i]!,
    lookups,
    repeated,
  }));
  return settleTwins((yield* runPass(pass, "duplicates", tasks)) as FoundTwin[][], (twins) =>
    plan.settle(twins),
  );
}

/** Returns the runs in which mappers look up keys, by group. */
export function lookupsOf(groups: readonly SurveyedGroup[]): ReadonlyMap<string, readonly KeyRun[]> {
  return new Map(groups.map(({ name, runs }) => [name, runs]));
}
