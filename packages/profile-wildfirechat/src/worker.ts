import type { ProfileWorker } from "@firebreak/transform";
import { MessageRowMapper, UserMessageRowMapper } from "./documents/hybrid-rows.ts";
import { MessageSurveyor, UserMessageSurveyor } from "./documents/hybrid-survey.ts";
import type { ZoneCandidates } from "./rows/row-survey.ts";
import { serverTable } from "./target/server-tables.ts";
import { hybridMapper, rowSurveyor } from "./rows/site-row-worker.ts";
import type { RowsData, SurveyData } from "./rows/to-mysql-data.ts";

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
