import type { IndexName, PlanFinding, PlanRecord, Unseen } from "@firebreak/plan";
import { foldShards, starredName, sumsOf } from "../../screen/fold-shards.ts";
import { wrapped } from "../../screen/text-table.ts";
import type { ProfileSections } from "../language.ts";
import { bytes, number } from "./amounts.ts";
import { loadFaults } from "./load.ts";
import { textEncodingText } from "./plan-facts.ts";
import { profileFinding } from "./profile.ts";
import { words } from "./reasons.ts";

const SEVERITIES = { stop: "STOP", warn: "warning", note: "note" } as const;

/** Describes what stops a move, or endangers it. */
export function findingLines({ findings }: PlanRecord, profiles: ProfileSections): string[] {
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

/** Says what the plan could not look at, and what would let it. */
export function unseenText({ what, reason, names = [] }: Unseen): string {
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
      return `all tables of the application${why}: the server did not count some collections in the time that a plan takes, or they have too many groups to count. The numbers above are without them.`;
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
