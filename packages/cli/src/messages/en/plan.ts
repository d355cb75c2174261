import type { PlanFaults, PlanFound, PlanRecord, SettingReason } from "@firebreak/plan";
import { foldShards, starredName, sumsOf } from "../../screen/fold-shards.ts";
import { textTable, wrapped } from "../../screen/text-table.ts";
import { bytes, duration, interval, number, rate } from "./amounts.ts";
import { adviceLines, archiveLines, indexCostLines, useLines } from "./plan-facts.ts";
import { findingLines, unseenText } from "./plan-findings.ts";
import { message, type FaultTexts, type ProfileSections, type SomeNotes } from "../language.ts";
import { siteLines } from "./plan-volumes.ts";

/** The number of collections and tables to show, the largest ones. The file and `--json` have all. */
const SHOWN_VOLUMES = 20;

export const planFaults: FaultTexts<PlanFaults> = {
  "probe-taken": (f) =>
    message(
      `MySQL at ${f.server} has a database ${f.database} already, and the probe would drop it at the end.`,
      "Name another one with --probe.",
    ),
  "plan-nothing": (f) =>
    message(
      `No collection of MongoDB at ${f.server} is to be moved.`,
      "Look at the URL's database, at --include and at --exclude.",
    ),
  "survey-disk": (f) =>
    message(
      `A survey of all documents needs about ${bytes(f.needed)} in ${f.folder}, and the disk has ${bytes(f.free)} left.`,
      "Name a folder on a larger disk with --work, or take --survey sample.",
    ),
  "scratch-journal": (f) =>
    message(
      `${f.file} should name what a probe or a rehearsal left, and is none of our files.`,
      "Give the file another name, then run the same command again. Whatever an interrupted run left stays: a database with a table whose name begins with firebreak_scratch_, and a folder of such a name beside the file.",
    ),
  "scratch-elsewhere": (f) =>
    message(
      `A probe or a rehearsal that was killed left database ${f.database} at ${f.server}, and this is ${f.given}.`,
      "Run firebreak rehearse --clean with the URL of that server first.",
    ),
};

export const planNotes = {
  "scratch-removed": (f) =>
    f.database === undefined
      ? `An earlier run was killed. Its folder ${f.folder} is removed.`
      : `An earlier run was killed. Its database ${f.database} and its folder ${f.folder} are removed.`,
  "scratch-none": (f) => `No run with the work folder ${f.work} left anything.`,
  "rehearsal-not-asked": (f) =>
    `The queries are not asked: the part has ${number(f.documents)} documents, and a part can have at most ${number(f.most)} to be compared. Take a smaller --sample, or --sample all.`,
  "rehearsal-step": (f) => `${f.step} took ${duration(f.ms)}`,
} satisfies SomeNotes;

/** Returns the text of a plan, in English. */
export function planText({ record, file, checklist }: PlanFound, profiles: ProfileSections): string {
  return [
    `from  MongoDB at ${record.source}`,
    `to    MySQL at ${record.target}`,
    "",
    volumes(record),
    ...accessLines(record),
    ...siteLines(record),
    ...useLines(record),
    "",
    ...archiveLines(record),
    times(record),
    "",
    ...indexCostLines(record),
    ...findingLines(record, profiles),
    ...settingLines(record),
    ...adviceLines(record),
    ...record.unseen.map((one) => wrapped(`not seen: ${unseenText(one)}`)),
    `The whole plan is in ${file}`,
    `The steps of the move, with their commands, are in ${checklist}`,
  ].join("\n");
}

function volumes({ volumes: all }: PlanRecord): string {
  const folded = foldShards(all, {
    nameOf: ({ name }) => name,
    stateOf: ({ kind, database }) => JSON.stringify([kind, database]),
    together: (shards) => ({
      ...shards[0]!,
      name: starredName(shards[0]!.name, shards.length),
      ...sumsOf(shards, ["items", "bytes", "indexBytes", "itemsPerDay"]),
    }),
  });
  const largest = folded.toSorted((a, b) => b.bytes + b.indexBytes - a.bytes - a.indexBytes);
  const rows = largest
    .slice(0, SHOWN_VOLUMES)
    .map((v) => [
      `${v.database}.${v.name}`,
      v.kind,
      number(v.items),
      bytes(v.bytes),
      bytes(v.indexBytes),
      v.itemsPerDay === undefined ? "" : number(v.itemsPerDay),
    ]);
  const head = ["name", "kind", "documents or rows", "size", "indexes", "new a day"];
  const more = largest.length - rows.length;
  const table = textTable([head, ...rows], [true, true, false, false, false, false]);
  return more === 0 ? table : `${table}\n… and ${number(more)} smaller ones`;
}

function accessLines({ access }: PlanRecord): string[] {
  return access.map(
    (a) =>
      `${a.server}: ${rate(a.readsPerSecond)} reads and ${rate(a.writesPerSecond)} writes a second, ${number(a.connections)} connections (${number(a.seconds)} s watched)`,
  );
}

function times({ estimate }: PlanRecord): string {
  const { steps, fullRunMs, windowMs, diskBytes } = estimate;
  const rows = [
    ...steps.map(({ step, ms, isMeasured }) => [step, interval(ms), isMeasured ? "" : "not measured"]),
    ["all of it, while the application runs", interval(fullRunMs), ""],
    ["last delta, load and proof, while it is stopped", interval(windowMs), ""],
  ];
  return [
    textTable([["step", "takes", ""], ...rows], [true, false, true]),
    `disk  archive ${bytes(diskBytes.archive)}, work folder ${bytes(diskBytes.work)}, target ${bytes(diskBytes.target)}${diskBytes.binaryLog === 0 ? "" : `, its binary log ${bytes(diskBytes.binaryLog)}`}`,
  ].join("\n");
}

function settingLines({ settings }: PlanRecord): string[] {
  if (settings.length === 0) return [];
  const rows = settings.map((s) => [s.variable, s.value, s.advised, s.for, REASONS[s.reason]]);
  const head = ["setting of the target", "is", "advised", "for", "because"];
  return ["", textTable([head, ...rows], [true, false, false, true, true]), ""];
}

const REASONS: Readonly<Record<SettingReason, string>> = {
  "pool-holds-data": "data and indexes then stay in memory",
  "pool-holds-indexes": "pages of indexes are then not read again for each part",
  "redo-for-load": "a load then does not wait for pages to be written",
  "redo-for-service": "writes at peak hours then do not wait for pages",
  "flush-for-load": "a power cut then costs a second of the load, which goes on from its ledger",
  durable: "a power cut then loses nothing",
  "log-rows": "a proof of what changed needs row events",
  "log-images": "a proof of what changed needs whole rows",
  "log-plain": "a proof of what changed cannot look into compressed events",
  "log-space": "old logs otherwise fill the disk",
  packet: "the largest rows then fit",
  "local-infile": "LOAD DATA LOCAL is several times as fast as INSERT",
  "local-infile-off": "it is for the load alone; a client could otherwise be asked for its files",
  utf8mb4: "new tables then take every character",
};
