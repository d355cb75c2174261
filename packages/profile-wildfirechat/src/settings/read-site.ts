import { join } from "node:path";
import type { SiteFolder } from "@firebreak/profile";
import { profileFault } from "../profile-faults.ts";
import { siteSettings, type SiteSettings } from "./site-settings.ts";

/** The folders of a chat server's installation that may have its settings files: the top one, or `config`. */
const FOLDERS = [".", "config"];

/**
 * Reads the settings files of a site.
 *
 * @param isZoneSaid true if a person gave the JDBC zone. c3p0-config.xml is then ignored, even if it has
 * several zones or an invalid one.
 * @throws {FirebreakError} `site-empty`, `file-unreadable`, or `site-zones-differ`.
 */
export async function readSite(site: SiteFolder, isZoneSaid: boolean): Promise<SiteSettings> {
  const configuration = await readAny(site, "wildfirechat.conf");
  const c3p0 = await readAny(site, "c3p0-config.xml");
  if (configuration === undefined && c3p0 === undefined)
    throw profileFault("site-empty", { folder: site.path });
  return siteSettings({
    ...(configuration === undefined ? {} : { configuration }),
    ...(c3p0 === undefined || isZoneSaid ? {} : { c3p0 }),
  });
}

async function readAny(site: SiteFolder, file: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const text = await site.read(join(folder, file));
    if (text !== undefined) return text;
  }
  return undefined;
}
