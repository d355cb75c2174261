import type { Column } from "@firebreak/archive";
import type { FieldNames } from "../documents/field-names.ts";
import type { PrivateForm } from "../target/private-target.ts";
import type { TargetPlan } from "./row-plan.ts";

/** The data for threads that survey a hybrid's documents. */
export interface SurveyData {
  readonly names: FieldNames;
  /** Zones that the JVM may have. */
  readonly zones: readonly string[];
  readonly plan: TargetPlan;
  /** True if users' documents will need the heads of messages. */
  readonly isHeadWanted: boolean;
}

/** The data for threads that make rows from a hybrid's documents. */
export interface RowsData {
  readonly names: FieldNames;
  readonly plan: TargetPlan;
  /** The columns of each table in the plan, message tables before users' tables. */
  readonly columns: readonly (readonly Column[])[];
  readonly jvmZone: string;
  readonly jdbcZone: string;
  readonly sessionZone: string;
  readonly privateForm: PrivateForm;
  readonly horizon: bigint | undefined;
}

/** The names of the groups of collections, under which they are also counted. */
export const MESSAGES = "messages";
export const USER_MESSAGES = "userMessages";
