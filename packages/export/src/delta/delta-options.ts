import type { ExportOptions } from "../export-options.ts";
import type { SaidSettings } from "./delta-settings.ts";

export interface DeltaOptions extends Pick<
  ExportOptions,
  "source" | "archive" | "jobs" | "version" | "giveUpAfterMs" | "signingKey"
> {
  /** The last link of the chain. */
  readonly deltaFrom: string;
  readonly isByComparison: boolean;
  /** The identities that open the chain, if it is encrypted. */
  readonly identities: readonly string[] | undefined;
  readonly said: SaidSettings;
}
