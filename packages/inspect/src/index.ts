export type { IndexFacts } from "./collection-facts.ts";
export type { FieldFound, Range } from "./field-found.ts";
export { inspectFault, type InspectFaults, type InspectNotes } from "./inspect-faults.ts";
export { inspectArchive, type InspectEvent, type InspectOptions, type SurveyFacts } from "./inspect.ts";
export type { ArchiveFacts, NamespaceFacts, Sizes } from "./overview.ts";
