import type { ProfileDecision } from "@firebreak/archive";
import type { Phrases, ProfileTexts } from "@firebreak/profile";
import type { TransformNotes, TransformFaults } from "@firebreak/transform";
import { foldedNames } from "../../screen/fold-shards.ts";
import { message, type ProfileSections, type FaultTexts, type NoteTexts } from "../language.ts";
import { findingLines } from "./findings.ts";
import { FACTS_ANEW } from "./preflight.ts";

type Evidence = NonNullable<ProfileDecision["evidence"]>;
type Report = TransformNotes["profile-report"];
type ReportTexts = ProfileTexts["report"];

const NO_TEXTS: ReportTexts = { groups: {}, counts: {}, remarks: {}, shownBy: {} };

/** The phrases that the sections of profiles share, in English. */
export const phrases: Phrases = {
  message,
  foldedNames,
  findingLines,
  evidence: evidenceText,
  strays: strayText,
  origin: originOf,
  factsAnew: FACTS_ANEW,
};

function evidenceText({ sampleCount, tellingCount, telling }: Evidence): string {
  if (tellingCount === 0) return `of ${count(sampleCount)} looked at none can tell`;
  const parts = telling.map(({ candidate, agreeCount }) => `${count(agreeCount)} agree with ${candidate}`);
  return `of ${count(tellingCount)} that can tell, among ${count(sampleCount)}, ${parts.join(", ")}`;
}

/** Counts the rows that agree with no candidate. They are the most if the right zone was not tried. */
function strayText({ sampleCount, tellingCount, candidates, telling }: Evidence): string {
  const withAll = (candidates[0]?.agreeCount ?? 0) - (telling[0]?.agreeCount ?? 0);
  const strayCount = sampleCount - tellingCount - withAll;
  return strayCount === 0 ? "" : `; ${count(strayCount)} agree with none of these`;
}

/** @param shownBy what shows the value, if the rows do. */
function originOf(by: ProfileDecision["by"], shownBy = "the rows"): string {
  switch (by) {
    case "option":
      return "(given)";
    case "site":
      return "(of the site's files)";
    case "rows":
      return `(by ${shownBy})`;
    case "facts":
      return "(by the target's facts)";
    case "default":
      return "(the default)";
  }
}

/** Describes a profile's decisions and their results. */
export function profileReport(report: Report, profiles: ProfileSections): string {
  const { decisions, staying } = report;
  const texts = profiles[report.profile]?.report ?? NO_TEXTS;
  const lines = [
    `Profile ${report.profile}:`,
    ...decisions.map(
      ({ setting, value, by, evidence }) =>
        `  ${setting} = ${value} ${originOf(by, texts.shownBy[setting])}${evidence === undefined ? "" : `; ${evidenceText(evidence)}`}`,
    ),
    ...groupLines("What was found", report.counts, texts, texts.counts),
    ...groupLines("What was done by rule", withoutCounts(report.remarks, texts), texts, texts.remarks),
    ...groupLines("In quarantine", report.quarantined, texts, {}),
  ];
  if (staying.length > 0) {
    const shown = staying.map(({ namespace, lineCount }) => `${namespace} (${count(lineCount)})`);
    lines.push(`  Stays where it is, and is needed there: ${shown.join(", ")}`);
  }
  return lines.join("\n");
}

/** Describes a reason of an application against a load. Undefined if no profile has a text for it. */
export function profileFinding(
  finding: { readonly what: string },
  profiles: ProfileSections,
): string | undefined {
  const texts = Object.values(profiles).find(({ findings }) => Object.hasOwn(findings, finding.what));
  return texts?.findings[finding.what]?.(finding);
}

/** Describes the facts of an application's tables, or says that there are none. */
export function targetFactsLines(
  facts: { readonly profile: string },
  profiles: ProfileSections,
): readonly string[] {
  const lines = profiles[facts.profile]?.targetFacts(facts) ?? [];
  if (lines.length > 0) return lines;
  const applications = Object.values(profiles).map(({ application }) => `${application}'s`);
  return [
    `No ${applications.join(" or ")} tables are among them. The generic mapping keeps columns of tables that are there where they take all values: transform --target-facts does so.`,
  ];
}

/** Leaves out remarks that are counts, too. The first pass counted them all, also those of lines not carried over. */
function withoutCounts(groups: Report["remarks"], { counts }: ReportTexts): Report["remarks"] {
  return Object.fromEntries(
    Object.entries(groups).map(([group, remarks]) => [
      group,
      Object.fromEntries(Object.entries(remarks).filter(([name]) => !Object.hasOwn(counts, name))),
    ]),
  );
}

function groupLines(
  title: string,
  counted: Report["remarks"],
  { groups }: ReportTexts,
  texts: Readonly<Record<string, string>>,
): string[] {
  const lines = Object.entries(counted).flatMap(([group, counts]) =>
    Object.entries(counts)
      .filter(([, number]) => number > 0)
      .map(([name, number]) => `    ${groups[group] ?? group}: ${texts[name] ?? name}: ${count(number)}`),
  );
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines];
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

export const transformFaults: FaultTexts<TransformFaults> = {
  "transform-same-kind": (f) =>
    message(
      `${f.archive} is of MongoDB: what goes back there needs no transform.`,
      "Run pnpm restore, which puts it back as it was.",
    ),
  "link-not-made": (f) =>
    message(
      `A delta is transformed by what was made of the archive before it, and ${f.archive} was not transformed for ${f.kind === "mysql" ? "MySQL" : "MongoDB"}.`,
      `Run pnpm transform --archive ${f.archive} --to ${f.kind} first, or put its ${f.kind} folder there.`,
    ),
  "delta-profile": (f) =>
    message(
      `${f.archive} is a delta, and the archive before it was transformed with the profile ${f.profile}.`,
      `Transform it likewise: pnpm transform --archive ${f.archive} --profile ${f.profile}, with the options that were given then.`,
    ),
  "delta-unplanned": (f) =>
    message(
      `The changes of ${f.namespace} cannot be applied to ${f.table} by its key: ${UNPLANNED[f.why]}.`,
      "Make a full archive, of the chain with pnpm compact or of the source with pnpm export, and load it anew.",
    ),
};

const UNPLANNED: Readonly<Record<TransformFaults["delta-unplanned"]["why"], string>> = {
  "no-key": "it has no key",
  "other-columns": "it has other columns now",
  "other-version": "another version of Firebreak made it",
};

/** The reasons why documents do not fit into a table. Each text follows the number of documents. */
const SET_ASIDE = {
  "key-other-type": "with an _id of another type than the column _id",
  "key-out-of-range": "with an _id that the column _id cannot hold exactly",
  "key-too-long": "with an _id that is too long for the column _id",
  "row-too-long": "of 4 MiB or more as a line, in a table that was made for shorter ones",
} as const;

/** The reasons why a delta is transformed from the whole chain. */
const BY_WHOLE: Readonly<Record<TransformNotes["delta-by-whole"]["reason"], string>> = {
  "no-survey": "the profile does not survey all lines",
  "other-plan": "settings or facts of the target differ from those of the link before, so any row may change",
  "other-version": "another version transformed the link before, and may have mapped some rows otherwise",
  contradicted:
    "lines of the chain contradict a setting, counted with earlier states of what was edited. Those that exist now decide",
  "counts-differ": "the counts in the manifest of the link before are not those of its lines",
};

export const transformNotes: NoteTexts<TransformNotes> = {
  "delta-set-aside": ({ namespace, table, reasons }) =>
    [
      `Documents of ${namespace} have no place in table ${table} as the chain has it, and are in quarantine:`,
      ...reasons.map(
        ({ reason, count }) => `  ${count.toLocaleString("en-US")} ${SET_ASIDE[reason]} (${reason})`,
      ),
      "Everything else was transformed. A full archive gets a table that takes them: pnpm compact makes one of the chain.",
    ].join("\n"),
  "profile-of-chain": ({ profile, options }) =>
    `A delta is transformed as its chain was: profile ${profile}${Object.entries(options)
      .map(([setting, value]) => `, ${setting}=${value}`)
      .join("")}.`,
  "line-index-made": (f) =>
    `An archive before ${f.archive} was transformed without an index of its lines. The lines of the whole chain are surveyed once more, and this delta keeps the index for the next ones.`,
  "delta-by-whole": (f) =>
    `This delta is transformed from the whole chain of ${f.archive}, which takes longer than a full transform: ${BY_WHOLE[f.reason]}.`,
  "profile-report": profileReport,
  "columns-widened": (f) =>
    [
      `Table ${f.table} gets wider columns for what this delta brings: ${f.columns.map((c) => `${c.name} ${c.to.toUpperCase()} (was ${c.from.toUpperCase()})`).join(", ")}. load shows the statements, and runs them with --yes.`,
      ...(f.rowCount === 0
        ? []
        : [
            `${f.rowCount.toLocaleString("en-US")} earlier ${f.rowCount === 1 ? "row is" : "rows are"} written again, whose values in _extra fit then.`,
          ]),
    ].join("\n"),
};
