import type { NamespaceFilter, Note, StepEvent } from "@firebreak/archive";
import type { Application } from "@firebreak/mysql";
import type { ApplicationSite } from "@firebreak/profile";
import type { Profile } from "@firebreak/transform";
import type { GivenArguments } from "./checklist.ts";
import type { PlanNotes } from "./plan-notes.ts";
import type { PlanRecord } from "./plan-record.ts";

export interface PlanOptions extends NamespaceFilter {
  readonly mongodbUrl: string;
  readonly mysqlUrl: string;
  readonly jobs: number;
  readonly version: string;
  /** The folder that gets the plan as a file. */
  readonly work: string;
  /** The seconds for which both servers are watched; 0 for a plan without their use. */
  readonly watchSeconds: number;
  /** The name of a database that the probe may create at the target, load into, and drop. */
  readonly scratch: string | undefined;
  readonly profile: Profile | undefined;
  /** The application of the profile, whose own tables its rows are for. */
  readonly application: Application | undefined;
  /** The collections that the profile's application spreads over tables. */
  readonly site: ApplicationSite | undefined;
  /** True to take every document through transform, and not only those of the sample. */
  readonly surveysAll: boolean;
  /** The folder of the archive that the move is going to have. */
  readonly archive: string;
  /** The arguments that the commands of the checklist repeat. */
  readonly given: GivenArguments;
  /** Returns the text of the checklist, which becomes a file beside the plan. */
  readonly checklistText: (record: PlanRecord) => string;
}

export type PlanEvent =
  | Extract<StepEvent, { kind: "progress" }>
  | Note<PlanNotes>
  | ({ readonly kind: "plan" } & PlanFound);

/** A plan, and the files that have it and its checklist. */
export interface PlanFound {
  readonly file: string;
  readonly checklist: string;
  readonly record: PlanRecord;
}
