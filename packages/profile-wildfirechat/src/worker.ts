import type {
  ProfileWorker,
  LineMapper,
  ProfileNamespace,
  ProfileSurveyor,
  Reference,
  TargetDocument,
} from "@firebreak/transform";
import { MessageRowMapper, UserMessageRowMapper } from "./documents/hybrid-rows.ts";
import { MessageSurveyor, UserMessageSurveyor } from "./documents/hybrid-survey.ts";
import { type ZoneCandidates, RowSurvey } from "./rows/row-survey.ts";
import { serverTable, shardTable } from "./target/server-tables.ts";
import type { RowsData, SurveyData } from "./rows/row-plan.ts";
import { toByteText, type ReadLine } from "@firebreak/archive";
import { SiteRows, rowKey, valueOf, type HybridSettings, type TextField } from "./rows/site-rows.ts";
import { firstMessageId, isInt64 } from "./documents/message-id.ts";
import { collectionPlace } from "./documents/hybrid-plan.ts";

/** Surveys the rows of one table in a worker: their evidence about the site, and their keys. */
export function rowSurveyor(zones: ZoneCandidates, ns: ProfileNamespace): ProfileSurveyor {
  const { kind, shard } = shardTable(ns.collection);
  const survey = new RowSurvey(kind, shard, zones);
  return {
    take(read) {
      survey.add(read);
      return { key: rowKey(kind, read.fields), reference: ageOf(read) };
    },
    finish: () => survey.evidence(),
  };
}

/** Returns the lowest id of a row's date, as if its clock were UTC's; without a date its message's own id. */
function ageOf({ fields }: Pick<ReadLine, "fields">): Reference | undefined {
  const date = valueOf(fields, "_dt");
  const id = date instanceof Date ? firstMessageId(date.getTime()) : valueOf(fields, "_mid");
  return typeof id === "bigint" && isInt64(id) ? { key: id, for: "age" } : undefined;
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

/** The profile's work in the worker threads of transform. */
const worker: ProfileWorker = {
  surveyor: (data: ZoneCandidates | SurveyData, ns) => {
    if (!("plan" in data)) return rowSurveyor(data, ns);
    return serverTable(ns.collection).kind === "messages"
      ? new MessageSurveyor(data, ns)
      : new UserMessageSurveyor(data);
  },
  rowMapper: (data: RowsData, ns, lookup) =>
    serverTable(ns.collection).kind === "messages"
      ? new MessageRowMapper(data, ns)
      : new UserMessageRowMapper(data, ns, lookup),
  documentMapper: hybridMapper,
};

export default worker;
