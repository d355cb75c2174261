import { toByteText } from "@firebreak/archive";
import type { LineMapper, ProfileNamespace, ProfileSurveyor, TargetDocument } from "@firebreak/transform";
import { SiteRows, rowKey, type HybridSettings, type TextField } from "./site-rows.ts";
import { collectionPlace } from "../documents/hybrid-plan.ts";
import { RowSurvey, type ZoneCandidates } from "./row-survey.ts";
import { shardTable } from "../target/server-tables.ts";

/** Surveys the rows of one table in a worker: their evidence about the site, and their keys. */
export function rowSurveyor(zones: ZoneCandidates, ns: ProfileNamespace): ProfileSurveyor {
  const { kind, shard } = shardTable(ns.collection);
  const survey = new RowSurvey(kind, shard, zones);
  return {
    take(read) {
      survey.add(read);
      const key = rowKey(kind, read.fields);
      return key === undefined ? undefined : { key };
    },
    finish: () => survey.evidence(),
  };
}

/** Makes a hybrid's documents from the rows of one table in a worker. */
export function hybridMapper(settings: HybridSettings, ns: ProfileNamespace): LineMapper<TargetDocument> {
  const { kind, shard } = shardTable(ns.collection);
  const rows = new SiteRows(kind, shard, settings);
  return {
    keyOf: ({ fields }) => rowKey(kind, fields),
    map(read) {
      const outcome = rows.map(read);
      if (outcome.kind === "quarantine") return outcome;
      const { fields, remarks, duplicate } = outcome;
      return {
        kind: "mapped",
        outputs: [{ target: collectionPlace(kind, outcome.shard), document: documentOf(fields) }],
        remarks: outcome.kind === "moved" ? ["moved", ...remarks] : remarks,
        duplicate,
      };
    },
  };
}

function documentOf(fields: readonly TextField[]): TargetDocument["document"] {
  const texts = fields.map(({ name, text }) => `${toByteText(JSON.stringify(name))}:${text}`);
  return { kind: "line", line: `{${texts.join(",")}}` };
}
