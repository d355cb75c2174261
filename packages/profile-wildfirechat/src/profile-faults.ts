import { faultOf } from "@firebreak/archive";

/** Settings and files that the profile cannot work with. */
export interface ProfileFaults {
  /** No zone has this name, or several do (`CST`). */
  "zone-unknown": { zone: string };
  "profile-option-invalid": { option: string; value: string; allowed: string };
  /** A mapping or facts file is not what its schema says. */
  "profile-file-invalid": { what: "field-names" | "target-facts"; reason: string };
  /** `serverTimezone` says different things in several urls of one file. */
  "site-zones-differ": { zones: readonly string[] };
}

export const profileFault: ReturnType<typeof faultOf<ProfileFaults>> = faultOf<ProfileFaults>({
  "zone-unknown": 2,
  "profile-option-invalid": 2,
  "profile-file-invalid": 2,
  "site-zones-differ": 2,
});
