import { reasonsOf } from "@firebreak/archive";

/** The reasons why a manifest or a line of a delta is out of place, with their fields. */
export interface VerifyReasons {
  "format-version": { found: number; isDelta: boolean; expected: number };
  "change-misplaced": { namespace: string };
  "deletes-misplaced": { namespace: string };
  "dropped-with-parts": { namespace: string };
  "key-line-foreign": undefined;
  "key-order": undefined;
  "key-gone-twice": undefined;
  "key-gone": undefined;
}

export const verifyReason: ReturnType<typeof reasonsOf<VerifyReasons>> = reasonsOf<VerifyReasons>();
