import type { PlanFinding, SettingAdvice, Volume } from "./plan-record.ts";
import type { ChecklistCode, ChecklistStep, CoveringArchive } from "./facts-record.ts";

/** The arguments of a plan that its checklist repeats. None has a secret. */
export interface GivenArguments {
  /** For every command: a settings file. */
  readonly everywhere: readonly string[];
  /** For a rehearsal and a plan: the work folder, and the watch and the probe of a plan. */
  readonly rehearse: readonly string[];
  readonly plan: readonly string[];
  /** The namespaces to move. */
  readonly filter: readonly string[];
  /** The profile with its settings; `site` are those that query-test takes. */
  readonly profile: readonly string[];
  readonly site: readonly string[];
}

/** The facts that decide what is to be done. */
export interface ChecklistFacts {
  readonly folder: string;
  readonly archive: CoveringArchive | undefined;
  /** True if the folder has something that no delta can go on from. */
  readonly isTaken: boolean;
  readonly given: GivenArguments;
  readonly findings: readonly PlanFinding[];
  readonly settings: readonly SettingAdvice[];
  /** The tables that the target has now. */
  readonly tables: readonly Volume[];
}

/** Lists the steps of a move in their order, with the names of this one. Pure. */
export function checklist(facts: ChecklistFacts): ChecklistStep[] {
  const { folder, archive, isTaken, given, findings, settings } = facts;
  const full = isTaken ? `${folder}-new` : folder;
  const [first, last, whole] = ["1", "2", "whole"].map((end) => `${full}-${end}`);
  const command = (verb: string, ...rest: readonly string[]): string[] => [
    verb,
    ...given.everywhere,
    ...rest,
  ];
  const at = (verb: string, of: string, ...rest: readonly string[]): string[] =>
    command(verb, "--archive", of, ...rest);
  const link = (from: string, to: string): string[] => at("export", to, "--delta-from", from);
  const isThere = archive?.delta !== undefined;
  const hasAdvice = (time: SettingAdvice["for"]): boolean => settings.some((one) => one.for === time);
  const before: Steps = [
    findings.some(({ severity }) => severity === "stop")
      ? ["mend", at("plan", folder, ...given.plan, ...given.filter, ...given.profile)]
      : undefined,
    ["backup", ...backup(facts, `${full}-target-before`)],
    [
      "rehearse",
      at("rehearse", folder, "--sample", "5%", ...given.rehearse, ...given.filter, ...given.profile),
    ],
    hasAdvice("load") ? ["settings-for-load"] : undefined,
    isThere
      ? ["archive-there", at("verify", full)]
      : ["export", at("export", full, ...given.filter), at("verify", full)],
    ["copy", at("verify", full, "--depth", "files")],
    ["load", at("transform", full, ...given.profile), at("load", full, "--dry-run"), at("load", full)],
    ["checksum", at("checksum", full)],
    ["query-test", at("query-test", full, ...given.site)],
    ["delta", link(full, first!), at("load", first!), at("checksum", first!)],
  ];
  const window: Steps = [
    ["stop-application"],
    ["last-delta", link(first!, last!), at("load", last!), at("checksum", last!, "--since-last")],
    hasAdvice("service") ? ["settings-for-service"] : undefined,
    ["switch"],
  ];
  const after: Steps = [
    ["keep", at("compact", last!, "--out", whole!), at("verify", whole!)],
    ["day-after", ...backup(facts, `${full}-target-after`, true)],
  ];
  return [...stepsOf("before", before), ...stepsOf("window", window), ...stepsOf("after", after)];
}

type Steps = readonly (readonly [ChecklistCode, ...(readonly string[])[]] | undefined)[];

function stepsOf(when: ChecklistStep["when"], steps: Steps): ChecklistStep[] {
  return steps.filter((step) => step !== undefined).map(([code, ...commands]) => ({ code, when, commands }));
}

/**
 * Returns the commands that back the target up and prove the backup. There are none while it has no tables. They take
 * no settings file: its --include is meant for the source.
 */
function backup({ tables }: ChecklistFacts, to: string, isFull = tables.length > 0): string[][] {
  const at = ["--archive", to];
  return isFull
    ? [
        ["export", ...at, "--source", "mysql"],
        ["verify", ...at],
      ]
    : [];
}
