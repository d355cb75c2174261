import { join } from "node:path";
import { FirebreakError, listFiles, missingAs } from "@firebreak/archive";
import { bundleFault } from "../bundle-faults.ts";
import type { BundlePlan } from "../bundle-plan.ts";
import type { PlannedVolume } from "../planned-volume.ts";
import { volumeName } from "../label.ts";
import { readLabel } from "../read-label.ts";
import { VolumeReader } from "./volume-reader.ts";
import { CHECKSUM_ENDING } from "./volume-writer.ts";

/**
 * Returns the volumes of a plan that are not sealed in `out` yet.
 *
 * @throws {FirebreakError} `out-taken` for a file of anything but this bundle.
 */
export async function unsealedVolumes(out: string, plan: BundlePlan): Promise<PlannedVolume[]> {
  const files = await listFiles(out).catch(missingAs(out, []));
  const found = new Set(files);
  const names = plan.volumes.map(({ head }) => volumeName(head, head.volume));
  const own = new Set(
    names.flatMap((name) => [name, `${name}${CHECKSUM_ENDING}`]).flatMap((name) => [name, `${name}.partial`]),
  );
  const stranger = files.find((file) => !own.has(file));
  if (stranger !== undefined) throw bundleFault("out-taken", { out, found: stranger });

  const unsealed: PlannedVolume[] = [];
  for (const [i, volume] of plan.volumes.entries()) {
    const name = names[i]!;
    const isSealed =
      found.has(name) &&
      found.has(`${name}${CHECKSUM_ENDING}`) &&
      (await isLaidOutAs(join(out, name), name, volume));
    if (!isSealed) unsealed.push(volume);
  }
  return unsealed;
}

/**
 * Returns true if a volume's label lists the same members as the plan. Another version of Firebreak may plan
 * volumes differently.
 */
async function isLaidOutAs(path: string, name: string, { head, members }: PlannedVolume): Promise<boolean> {
  const reader = await VolumeReader.open(path, name);
  try {
    const label = await readLabel(reader, name);
    return (
      label.bundle === head.bundle &&
      label.members.length === members.length &&
      label.members.every(
        (m, i) =>
          m.name === members[i]!.name &&
          m.bytes === members[i]!.bytes &&
          (m.piece?.offset ?? 0) === members[i]!.offset,
      )
    );
  } catch (error) {
    if (error instanceof FirebreakError && error.exitCode === 5) return false;
    throw error;
  } finally {
    await reader.close();
  }
}
