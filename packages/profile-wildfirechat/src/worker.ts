import type { ProfileWorker } from "@firebreak/transform";
import { MessageRowMapper, UserMessageRowMapper } from "./hybrid-rows.ts";
import { MessageSurveyor, UserMessageSurveyor } from "./hybrid-survey.ts";
import { serverTable } from "./server-tables.ts";
import type { RowsData, SurveyData } from "./to-mysql-data.ts";

/** What worker threads of transform do for the profile. */
const worker: ProfileWorker = {
  surveyor: (data, ns) =>
    serverTable(ns.collection).kind === "messages"
      ? new MessageSurveyor(data as SurveyData, ns)
      : new UserMessageSurveyor(data as SurveyData),
  rowMapper: (data, ns, lookup) =>
    serverTable(ns.collection).kind === "messages"
      ? new MessageRowMapper(data as RowsData, ns)
      : new UserMessageRowMapper(data as RowsData, ns, lookup),
  documentMapper: () => {
    throw new Error("rows become no documents yet");
  },
};

export default worker;
