export { planMove } from "./plan.ts";
export type { PlanEvent, PlanFound, PlanOptions } from "./plan-options.ts";
export { rehearse, type RehearsalEvent, type RehearsalOptions } from "./rehearse/rehearse.ts";
export type { DayHours, QuarantineCount, SiteVolume, Survey, TableVolume } from "./site/site-volume.ts";
export type { PlanNotes } from "./plan-notes.ts";
export type { GivenArguments } from "./checklist.ts";
export type { ChecklistCode, IndexCost, SlowQuery, TableUse } from "./facts-record.ts";
export { planFault, type PlanFaults } from "./plan-faults.ts";
export type { IndexName, Interval, PlanFinding, PlanRecord, SettingReason, Unseen } from "./plan-record.ts";
