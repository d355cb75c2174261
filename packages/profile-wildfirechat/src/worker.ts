import type { ProfileWorker } from "@firebreak/transform";
import { MessageRowMapper, UserMessageRowMapper } from "./documents/hybrid-rows.ts";
import { MessageSurveyor, UserMessageSurveyor } from "./documents/hybrid-survey.ts";
import type { ZoneCandidates } from "./rows/row-survey.ts";
import { serverTable } from "./target/server-tables.ts";
import { hybridMapper, rowSurveyor } from "./rows/site-row-worker.ts";
import type { HybridSettings } from "./rows/site-rows.ts";
import type { RowsData, SurveyData } from "./rows/to-mysql-data.ts";

/** The profile's work in the worker threads of transform. */
const worker: ProfileWorker = {
  surveyor: (data, ns) => {
    // A namespace with a table's description has rows of MySQL.
    if (ns.table !== undefined) return rowSurveyor(data as ZoneCandidates, ns);
    return serverTable(ns.collection).kind === "messages"
      ? new MessageSurveyor(data as SurveyData, ns)
      : new UserMessageSurveyor(data as SurveyData);
  },
  rowMapper: (data, ns, lookup) =>
    serverTable(ns.collection).kind === "messages"
      ? new MessageRowMapper(data as RowsData, ns)
      : new UserMessageRowMapper(data as RowsData, ns, lookup),
  documentMapper: (data, ns) => hybridMapper(data as HybridSettings, ns),
};

export default worker;
