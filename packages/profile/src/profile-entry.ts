import type { ProfileSupport } from "./profile-support.ts";
import type { Phrases, ProfileTexts } from "./profile-texts.ts";

/**
 * A profile as a registry has it. Every run of the command line loads this module, so it imports nothing but
 * texts.
 */
export interface ProfileEntry<Language extends string = string> {
  /** The value of `--profile`, which manifests keep. */
  readonly name: string;
  readonly texts: Readonly<Record<Language, (phrases: Phrases) => ProfileTexts>>;
  /** Imports the mappings. */
  load(): Promise<ProfileSupport>;
}
