import { sharedValue, type SharedValue } from "@firebreak/workers";
import type { CellForm, KeyRun, RowEncoding } from "@firebreak/items";
import type { ProfileNamespace } from "../profile.ts";
import type { DocumentRule } from "../collections/documents-plan.ts";
import { formOf } from "@firebreak/mysql-format";
import type { OriginalTablePlan } from "../tables/original-table-plan.ts";
import type { TablePlan } from "../tables/table-plan.ts";

/** The mapping by which lines become rows or documents, as a task for a thread names it. */
export type Mapping = RowMapping | DocumentMapping;

/** The form of a table's rows. */
export interface RowShape {
  readonly columns: readonly { readonly form: CellForm }[];
  readonly rowEncoding: RowEncoding;
}

export type RowMapping =
  | { readonly to: "rows"; readonly by: "plan"; readonly plan: TablePlan | OriginalTablePlan }
  | (ProfileMapping & { readonly to: "rows" });

export type DocumentMapping =
  | {
      readonly to: "documents";
      readonly by: "plan";
      readonly namespace: string;
      readonly rule: DocumentRule;
    }
  | (ProfileMapping & { readonly to: "documents" });

/** The data for the mappers and the form of each table, which all namespaces of a profile have in common. */
export interface SharedMapping {
  readonly data: unknown;
  /** None if collections are made. */
  readonly targets: readonly RowShape[];
}

/** A profile's mapping of one namespace. */
export interface ProfileMapping {
  readonly by: "profile";
  /** The URL of the file whose default export is the profile's `ProfileWorker`. */
  readonly module: string;
  readonly shared: SharedValue<SharedMapping>;
  readonly namespace: ProfileNamespace;
  readonly lookups: ReadonlyMap<string, readonly KeyRun[]>;
}

/** Returns the form of the rows of each target. */
export function rowShapes(mapping: RowMapping): readonly RowShape[] {
  if (mapping.by === "profile") return sharedValue(mapping.shared).targets;
  const { plan } = mapping;
  return [
    plan.kind === "original"
      ? plan
      : { ...plan, columns: plan.columns.map((c) => ({ form: formOf(c.rule) })) },
  ];
}
