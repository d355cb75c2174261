import { faultOf, type ProfileDecision, type Reason } from "@firebreak/archive";
import type { Evidence } from "./settings/evidence.ts";
import type { TargetRefusal, SourceRefusal } from "./target/refusals.ts";

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
