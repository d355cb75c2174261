import { faultOf, type ProfileDecision, type Reason, reasonsOf } from "@firebreak/archive";
import type { Evidence } from "./settings/evidence.ts";

/** The faults of settings and files that the profile cannot use. */
export interface ProfileFaults {
  /** No zone has this name, or several have it (`CST`). */
  "zone-unknown": { zone: string };
  "profile-option-invalid": { option: string; value: string; allowed: string };
  /** A mapping or facts file does not match its schema. */
  "profile-file-invalid": { what: "field-names" | "target-facts"; reason: Reason };
  /** `serverTimezone` has different values in several urls of one file. */
  "site-zones-differ": { zones: readonly string[] };
  /** The folder of a site has none of the application's settings files. */
  "site-empty": { folder: string };
  /** A TTL of this many days is impossible in MongoDB, or would remove everything at once. */
  "site-expiry-unfit": { days: number; max: number };
  /** Nobody gave a value for a setting, and the data does not decide it. */
  "profile-undecided": { setting: string; evidence: Evidence | undefined };
  /** The data shows another value than the one given. */
  "profile-contradicted": { setting: string; value: string; by: ProfileDecision["by"]; evidence: Evidence };
  /** The target's tables cannot take the rows. */
  "profile-target-unfit": { refusals: readonly TargetRefusal[] };
  /** Messages of several databases would go to the same tables. */
  "profile-databases": { databases: readonly string[] };
  /** No collection of the archive belongs to the application. */
  "profile-foreign": { database: string | undefined };
  "profile-direction": { to: string };
  /** The user gives another value for a setting than a delta's chain was made with. */
  "profile-chain-conflict": { setting: string; chain: string; said: string; by: "option" | "site" };
  /** A delta's chain was made with a file of field names, by a version that did not keep them. */
  "profile-chain-fields": { file: string };
  /** All rows are in, but the target's migrations changed since the load began. */
  "flyway-moved": { database: string; before: string; after: string | undefined };
  /** The source's tables differ from those that the application makes. */
  "profile-source-unfit": { refusals: readonly SourceRefusal[] };
}

export const profileFault: ReturnType<typeof faultOf<ProfileFaults>> = faultOf<ProfileFaults>({
  "zone-unknown": 2,
  "profile-option-invalid": 2,
  "profile-file-invalid": 2,
  "site-zones-differ": 2,
  "site-empty": 2,
  "site-expiry-unfit": 6,
  "profile-undecided": 6,
  "profile-contradicted": 6,
  "profile-target-unfit": 6,
  "profile-databases": 6,
  "profile-foreign": 6,
  "profile-direction": 2,
  "profile-source-unfit": 6,
  "profile-chain-conflict": 6,
  "profile-chain-fields": 6,
  "flyway-moved": 7,
});

/** The reasons in our own codes why a file of the profile's settings is not what it should be. */
export interface ProfileReasons {
  "field-name-twice": { part: string; field: string };
  "two-shapes": { table: string };
}

export const profileReason: ReturnType<typeof reasonsOf<ProfileReasons>> = reasonsOf<ProfileReasons>();

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
