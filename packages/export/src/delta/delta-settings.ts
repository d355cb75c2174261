import { IDENTITY_FILE, type ChainLink } from "@firebreak/archive";
import { exportFault } from "../export-faults.ts";
import type { ExportSettings } from "../export-progress.ts";

/** What a person said of a delta's settings; what is left out is as in the link before. */
export type SaidSettings = { readonly [S in keyof ExportSettings]?: ExportSettings[S] | undefined };

/**
 * The settings of a delta: those of the link before.
 *
 * @throws {FirebreakError} `delta-settings-differ` where others were said: a chain has the same ones all along.
 */
export function deltaSettings(previous: ChainLink, said: SaidSettings): ExportSettings {
  const { manifest, encryption, files } = previous;
  const hasPassphrase = files.some(({ file }) => file === IDENTITY_FILE);
  const settings: ExportSettings = {
    ...manifest.settings,
    recipients: hasPassphrase ? [] : (encryption?.recipients ?? []),
    hasPassphrase,
    hasClearNames: encryption?.names === "clear",
  };
  for (const [setting, flag] of Object.entries(FLAGS) as [keyof ExportSettings, string][]) {
    const now = said[setting];
    if (now !== undefined && textOf(now) !== textOf(settings[setting]))
      throw exportFault("delta-settings-differ", {
        previous: previous.folder,
        flag,
        before: JSON.stringify(settings[setting]),
        now: JSON.stringify(now),
      });
  }
  return settings;
}

const FLAGS: Readonly<Record<keyof ExportSettings, string>> = {
  include: "include",
  exclude: "exclude",
  partMib: "part-mib",
  recipients: "recipient",
  hasPassphrase: "passphrase-file",
  hasClearNames: "clear-names",
};

/** The order in which globs or recipients are given means nothing. */
function textOf(value: ExportSettings[keyof ExportSettings]): string {
  return JSON.stringify(typeof value === "object" ? [...value].sort() : value);
}
