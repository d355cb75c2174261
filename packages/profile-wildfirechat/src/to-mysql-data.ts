import type { Column } from "@firebreak/archive";
import type { FieldNames } from "./field-names.ts";
import type { PrivateForm } from "./private-target.ts";
import type { TargetPlan } from "./row-plan.ts";

/** For the threads that look at a hybrid's documents first. */
export interface SurveyData {
  readonly names: FieldNames;
  /** Zones that the JVM may have. */
  readonly zones: readonly string[];
  readonly plan: TargetPlan;
  /** Whether users' documents will ask for the heads of messages. */
  readonly isHeadWanted: boolean;
}

/** For the threads that make rows of a hybrid's documents. */
export interface RowsData {
  readonly names: FieldNames;
  readonly plan: TargetPlan;
  /** Of each table of the plan, messages' before users'. */
  readonly columns: readonly (readonly Column[])[];
  readonly jvmZone: string;
  readonly jdbcZone: string;
  readonly sessionZone: string;
  readonly privateForm: PrivateForm;
  readonly horizon: bigint | undefined;
}

/** Groups of collections, and of what is counted of them. */
export const MESSAGES = "messages";
export const USER_MESSAGES = "userMessages";
