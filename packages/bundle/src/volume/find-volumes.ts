import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { diskFault } from "@firebreak/archive";
import { bundleFault } from "../bundle-faults.ts";
import type { LabelHead } from "../label.ts";
import { readLabel } from "../read-label.ts";
import { VolumeReader } from "./volume-reader.ts";

/** A volume in a folder, with its label. */
export interface FoundVolume {
  readonly path: string;
  /** The name of its file. */
  readonly name: string;
  readonly head: LabelHead;
  /** Bytes of its members. */
  readonly bytes: number;
}

/**
 * Returns the volumes in a folder, in their order: every `.tar` file there. All must be of one bundle.
 *
 * @param bundle the bundle of the volumes; if undefined, any one bundle.
 * @throws {FirebreakError} `volumes-none` if there is no such folder, `volume-foreign`, `volume-twice`, or
 * any error of `readLabel`.
 */
export async function findVolumes(folder: string, bundle: string | undefined): Promise<FoundVolume[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR")
      throw bundleFault("volumes-none", { folder }, error);
    throw diskFault(error, folder);
  });
  // On a stick, macOS puts a `._NAME` beside each file, for facts that the stick's file system cannot hold.
  const isVolume = (name: string): boolean => name.endsWith(".tar") && !name.startsWith("._");
  const names = entries.filter((e) => isVolume(e.name) && !e.isDirectory()).map((e) => e.name);
  const found: FoundVolume[] = [];
  for (const name of names.sort()) {
    const volume = await readHead(join(folder, name), name);
    const expected = bundle ?? found[0]?.head.bundle ?? volume.head.bundle;
    if (volume.head.bundle !== expected)
      throw bundleFault("volume-foreign", { volume: name, expected, found: volume.head.bundle });
    const other = found.find((v) => v.head.volume === volume.head.volume);
    if (other !== undefined)
      throw bundleFault("volume-twice", { volume: name, other: other.name, number: volume.head.volume });
    found.push(volume);
  }
  return found.sort((a, b) => a.head.volume - b.head.volume);
}

async function readHead(path: string, name: string): Promise<FoundVolume> {
  const reader = await VolumeReader.open(path, name);
  try {
    const { members, ...head } = await readLabel(reader, name);
    return { path, name, head, bytes: members.reduce((sum, m) => sum + m.bytes, 0) };
  } finally {
    await reader.close();
  }
}
