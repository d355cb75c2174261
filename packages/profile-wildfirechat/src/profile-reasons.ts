import { reasonsOf } from "@firebreak/archive";

/** The reasons in our own codes why a file of the profile's settings is not what it should be. */
export interface ProfileReasons {
  "field-name-twice": { part: string; field: string };
  "two-shapes": { table: string };
}

export const profileReason: ReturnType<typeof reasonsOf<ProfileReasons>> = reasonsOf<ProfileReasons>();
