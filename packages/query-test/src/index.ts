export type { ApplicationData, ApplicationQueries } from "./application-queries.ts";
export { MOST_PART_DOCUMENTS } from "./archived/archived-ids.ts";
export { comparableDocument } from "./answers/comparable-rows.ts";
export { chooseValues } from "./generic/choose-values.ts";
export type { AnswerDifference, QueryResult } from "./query-result.ts";
export { queryTest, type QueryTestEvent, type QueryTestOptions } from "./query-test.ts";
export type { QueryTestFaults, QueryTestNotes, QueryTestReasons } from "./query-test-faults.ts";
export { readQueries } from "./file/read-queries.ts";
export type { Remedy, SlowQuery } from "./slow/slow-query.ts";
export type {
  Answer,
  AnswerRow,
  AskMongodb,
  AskMysql,
  FoundDocument,
  FoundRow,
  QueryCase,
  TestedQuery,
} from "./tested-query.ts";
