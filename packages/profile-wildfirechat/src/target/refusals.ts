/** The reason why rows cannot go to a target in its current state. */
export type TargetRefusal =
  /** On such a database the server starts as if it were new, and does not see users, groups and messages. */
  | { readonly what: "flyway-missing" }
  | { readonly what: "table-missing"; readonly table: string }
  | { readonly what: "column-missing"; readonly table: string; readonly column: string }
  | {
      readonly what: "column-type-unfit";
      readonly table: string;
      readonly column: string;
      readonly type: string;
    }
  /** A column of the site's own needs a value and has no default. */
  | { readonly what: "column-unfillable"; readonly table: string; readonly column: string }
  /** Message tables have rows, and --merge was not given. */
  | { readonly what: "tables-filled"; readonly tables: readonly string[] };

/** The reason why a table's rows cannot become documents. */
export type SourceRefusal = Extract<TargetRefusal, { readonly what: "column-missing" | "column-type-unfit" }>;
