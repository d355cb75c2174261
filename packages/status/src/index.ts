export { archiveStatus, type StatusEvent, type StatusFacts, type StatusOptions } from "./status.ts";
