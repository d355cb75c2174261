import type {
  IndexName,
  PlanFaults,
  PlanFinding,
  PlanFound,
  PlanRecord,
  SettingReason,
  Unseen,
} from "@firebreak/plan";
import { foldShards, starredName, sumsOf } from "../../screen/fold-shards.ts";
import { textTable, wrapped } from "../../screen/text-table.ts";
import { bytes, duration, interval, number, rate } from "./amounts.ts";
import { indexCostLines, useLines, archiveLines, adviceLines, textEncodingText } from "./plan-facts.ts";
import { message, type FaultTexts, type ProfileSections, type SomeNotes } from "../language.ts";
import { loadFaults } from "./load.ts";
import { siteLines } from "./plan-volumes.ts";
import { profileFinding } from "./profile.ts";
import { words } from "./reasons.ts";

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
    `The queries are not asked: the part has ${number(f.documents)} documents, and a comparison can be of ${number(f.most)}. A smaller --sample, or --sample all, has one.`,
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

const SEVERITIES = { stop: "STOP", warn: "warning", note: "note" } as const;

function findingLines({ findings }: PlanRecord, profiles: ProfileSections): string[] {
  const folded = foldShards(findings, {
    nameOf: (finding) => (finding.code === "quarantined" ? finding.fields.namespace : finding.code),
    stateOf: ({ code }) => code,
    together: (shards) => quarantinedTogether(shards),
  });
  return folded.map((finding) =>
    wrapped(`${SEVERITIES[finding.severity]}: ${findingText(finding, profiles)}`),
  );
}

function quarantinedTogether(shards: readonly PlanFinding[]): PlanFinding {
  const all = shards.flatMap((finding) => (finding.code === "quarantined" ? [finding.fields] : []));
  const { documents = 0, of = 0 } = sumsOf(all, ["documents", "of"]);
  const namespace = starredName(all[0]!.namespace, all.length);
  return { code: "quarantined", severity: "warn", fields: { namespace, documents, of } };
}

function findingText({ code, fields }: PlanFinding, profiles: ProfileSections): string {
  switch (code) {
    case "load-refused": {
      const { problem, remedy } = loadFaults["load-refused"](fields, profiles);
      return `load would refuse this target. ${problem} ${remedy}`;
    }
    case "standalone":
      return `${fields.server} is a standalone, which has no change stream: the last delta reads everything, while the application is stopped. Make it a replica set of one member; the export of a delta shows how.`;
    case "oplog-short":
      return `the oplog reaches back ${fields.hours.toFixed(1)} hours. A delta that is older than that has to read everything. Make deltas more often, or the oplog larger (replSetResizeOplog).`;
    case "disk-small":
      return `${fields.folder} has ${bytes(fields.free)} left, and the rows will take about ${bytes(fields.needed)}. Make room before the load.`;
    case "quarantined":
      return `of ${number(fields.of)} documents of ${fields.namespace} that were tried, ${number(fields.documents)} cannot become rows. Run export and transform to see each with its reason.`;
    case "packet-small":
      return `max_allowed_packet is ${bytes(fields.limit)}, and the row of the largest document that was tried may need ${bytes(fields.needed)}. A larger row is refused.`;
    case "index-unused":
      return `no query used these indexes since the server counts: ${indexNames(fields.indexes)}. At the target they cost time and space as well.`;
    case "no-snapshots":
      return `MongoDB ${fields.version} has no reads of one moment (5.0 and later have), so an export reads each document as it is at the time.`;
    case "mariadb-values":
      return `${fields.version} stores -0 as 0, and JSON as text. It cuts a surplus fraction of a DATETIME, which MySQL rounds.`;
    case "processlist-fails":
      return `information_schema.processlist of MySQL ${fields.version} fails while a session runs a statement with an emoji. Monitoring should use SHOW PROCESSLIST or performance_schema.`;
    case "application":
      return profileFinding(fields, profiles) ?? fields.what;
    case "index-missing":
      return `a query looks at ${number(fields.examined)} rows or documents in each of ${number(fields.runs)} runs, without an index: ${fields.text} (${fields.database} at ${fields.server}). Make an index on the fields or columns that it compares, at the source before the export, so that the new table gets it too, or at the target.`;
    case "text-encoding":
      return textEncodingText(fields);
  }
}

function indexNames(indexes: readonly IndexName[]): string {
  return foldShards(indexes, {
    nameOf: ({ namespace }) => namespace,
    stateOf: ({ index }) => index,
    together: (shards) => ({ ...shards[0]!, namespace: starredName(shards[0]!.namespace, shards.length) }),
  })
    .map(({ namespace, index }) => `${index} of ${namespace}`)
    .join(", ");
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
  utf8mb4: "new tables then take every character",
};

function unseenText({ what, reason, names = [] }: Unseen): string {
  const why = reason === undefined ? "" : ` (${words(reason)})`;
  switch (what) {
    case "oplog":
      return `how far the oplog reaches back${why}. The login needs read on the database local.`;
    case "index-use":
      return `how often indexes are used${why}. The login needs the role clusterMonitor.`;
    case "counters":
      return `how much the servers are used${why}. The login needs the role clusterMonitor.`;
    case "writes":
      return "how much is changed and deleted. The window above counts only new documents, and those only where ObjectIds or a profile tell them. With --watch SECONDS, at a busy hour, it counts all writes.";
    case "load":
      return `how fast this target loads. With --probe NAME a sample is loaded into a database NAME that is made for it and dropped.`;
    case "site":
      return `all tables of the application${why}: the server did not count some collections in the time that a plan takes, and the numbers above are without them.`;
    case "hours":
      return "in which hours documents are written. Only documents of several days tell, by their ObjectIds or by the times that a profile knows.";
    case "connections":
      return `how many connections MongoDB has${why}. The login needs the role clusterMonitor.`;
    case "profile":
      return `which queries of MongoDB take the most time${why}. The login needs the role dbAdmin on the databases, or clusterMonitor.`;
    case "profiler-off":
      return `which queries of MongoDB take the most time, because the profiler of ${names.join(", ")} is off. db.setProfilingLevel(1, {slowms: 100}) turns it on for one database, and costs a little time; let it run over a busy hour, then plan again.`;
    case "table-use":
      return `how often tables and indexes of MySQL are used${why}. The login needs SELECT on performance_schema.`;
    case "statements":
      return `which queries of MySQL take the most time${why}. The login needs SELECT on performance_schema.`;
    case "performance-schema-off":
      return `which tables, indexes and queries are used at ${names.join(", ")}, because performance_schema is off there, as it is in MariaDB by default. performance_schema=ON in the server's settings file turns it on at the next start.`;
    case "archive":
      return `the archive that is in ${names.join(", ")}${why}, so the plan begins with a new export.`;
  }
}
