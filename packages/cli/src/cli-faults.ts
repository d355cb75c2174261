import { faultOf } from "@firebreak/archive";

/** What is wrong with how the command line was used. */
export interface CliFaults {
  usage: { reason: string; command: string | undefined; commands?: readonly string[] };
  "url-missing": { flag: string; variable: string };
  "password-in-flag": { flag: string; variable: string };
  "config-unreadable": { file: string; reason: string };
  "file-unreadable": { file: string; reason: string };
  /** No file of the application's settings is where --site points. */
  "site-empty": { folder: string };
  "not-transformed": { archive: string };
  /** The archive is an application's that has a profile, and nobody said how it is to be mapped. */
  "profile-unsaid": { archive: string; profile: string; database: string };
  "no-terminal": { flag: string };
  /** Told by main.ts, which runs before anything could be thrown. */
  "node-old": { found: string; needed: number; program: string };
}

export const cliFault: ReturnType<typeof faultOf<CliFaults>> = faultOf<CliFaults>({
  usage: 2,
  "url-missing": 2,
  "password-in-flag": 2,
  "config-unreadable": 2,
  "file-unreadable": 2,
  "site-empty": 2,
  "not-transformed": 5,
  "profile-unsaid": 6,
  "no-terminal": 2,
  "node-old": 2,
});
