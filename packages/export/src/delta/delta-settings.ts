import { entriesOf, IDENTITY_FILE } from "@firebreak/archive";
import type { ChainLink } from "@firebreak/items";
import { exportFault } from "../export-faults.ts";
import type { ExportSettings } from "../export-settings.ts";

/** The settings that the user gave for a delta. Those left out are as in the link before. */
export type SaidSettings = { readonly [S in keyof ExportSettings]?: ExportSettings[S] | undefined };

/**
 * Returns the settings of a delta: those of the link before.
 *
 * @throws {FirebreakError} `delta-settings-differ` if the user gave others: all links of a chain have the
 * same settings.
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
  for (const [setting, flag] of entriesOf(FLAGS)) {
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

/** Sorts lists: the order of globs or recipients has no meaning. */
function textOf(value: ExportSettings[keyof ExportSettings]): string {
  return JSON.stringify(typeof value === "object" ? [...value].sort() : value);
}
