import { rm } from "node:fs/promises";
import { join } from "node:path";
import { formatOf, readSourceManifest } from "@firebreak/archive";
import type { Profile } from "@firebreak/transform";
import { cliFault } from "../cli-faults.ts";
import type { CommandEvent } from "../command.ts";
import type { Settings } from "../settings.ts";
import type { TargetKind } from "../target-kind.ts";
import { VERSION } from "../version.ts";

/** Returns true if an archive is a delta. A folder that is no archive is refused later, by its reader. */
export async function isDelta(settings: Settings): Promise<boolean> {
  if ((await formatOf(settings.archive)) !== "firebreak-archive") return false;
  const { manifest } = await readSourceManifest(settings.archive, await settings.identities());
  return manifest.delta !== undefined;
}

/**
 * Transforms a delta with a profile. A profile's rows for one document may depend on other documents. So this
 * compacts the whole chain to one archive in the work folder and transforms that. The delta gets the
 * differences from the links before it. The copy in the work folder is removed at the end.
 *
 * @throws {FirebreakError} `usage`, or a fault of compact, transform or archive.
 */
export async function* transformByWhole(
  settings: Settings,
  profile: Profile,
  to: TargetKind,
): AsyncGenerator<CommandEvent> {
  if (settings.isOn("keep-expired"))
    throw cliFault("usage", {
      reason: "--keep-expired is for the generic mapping: a profile makes its rows of what is there",
      command: "transform",
    });
  const { archive, jobs } = settings;
  const previous = settings.path("delta-from");
  const identities = await settings.identities();
  const whole = join(settings.work, "whole");
  const made = join(whole, to);
  await rm(whole, { recursive: true, force: true });
  try {
    const { compactChain } = await import("@firebreak/compact");
    const { deltaOfWhole, transformArchive } = await import("@firebreak/transform");
    const common = { version: VERSION, identities };
    yield* silently(compactChain({ ...common, archive, previous, out: whole, jobs }));
    const folders = { mysql: join(whole, "mysql"), mongodb: join(whole, "mongodb") };
    yield* silently(transformArchive({ ...common, profile, archive: whole, to, folders, jobs }));
    const folder = to === "mysql" ? await settings.mysqlFolder() : await settings.mongodbFolder();
    yield* deltaOfWhole({ ...common, archive, previous, to, whole: made, folder });
  } finally {
    await rm(whole, { recursive: true, force: true });
  }
}

/** Yields events without accounts, because accounts of the whole chain are not those of the delta. */
async function* silently(events: AsyncGenerator<CommandEvent>): AsyncGenerator<CommandEvent> {
  for await (const event of events) if (event.kind !== "account") yield event;
}
