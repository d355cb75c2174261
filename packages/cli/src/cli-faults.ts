import { faultOf, type Reason } from "@firebreak/archive";

/** Faults in the use of the command line. */
export interface CliFaults {
  usage: { reason: Reason; command: string | undefined; commands?: readonly string[] };
  "url-missing": { flag: string; variable: string };
  "password-in-flag": { flag: string; variable: string };
  "config-unreadable": { file: string; reason: Reason };
  "file-unreadable": { file: string; reason: string };
  "not-transformed": { archive: string };
  /** The archive comes from an application that has a profile, and the person did not choose a mapping. */
  "profile-unsaid": { archive: string; profile: string; database: string };
  /** The chain of a delta was transformed by a profile that is not here. */
  "profile-unknown": { archive: string; profile: string };
  "no-terminal": { flag: string };
  /** This fault is never thrown: main.ts reports it before it imports anything else. */
  "node-old": { found: string; needed: number; program: string };
}

export const cliFault: ReturnType<typeof faultOf<CliFaults>> = faultOf<CliFaults>({
  usage: 2,
  "url-missing": 2,
  "password-in-flag": 2,
  "config-unreadable": 2,
  "file-unreadable": 2,
  "not-transformed": 5,
  "profile-unsaid": 6,
  "profile-unknown": 6,
  "no-terminal": 2,
  "node-old": 2,
});
