import { formatOf, readSourceManifest } from "@firebreak/archive";
import type { Settings } from "./settings.ts";

/** Returns true if an archive is a delta. A folder that is no archive is refused later, by its reader. */
export async function isDelta(settings: Settings): Promise<boolean> {
  if ((await formatOf(settings.archive)) !== "firebreak-archive") return false;
  const { manifest } = await readSourceManifest(settings.archive, await settings.identities());
  return manifest.delta !== undefined;
}
