import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFault, fileInArchive, syncFolder, missingAs } from "@firebreak/archive";
import { bundleFault } from "../bundle-faults.ts";
import type { FoundVolume } from "./find-volumes.ts";
import type { LabelMember } from "../label.ts";
import { readLabel } from "../read-label.ts";
import { makeFolder, type Target } from "../target.ts";
import { VolumeReader } from "./volume-reader.ts";
import { CHECKSUM_ENDING } from "./volume-writer.ts";

/**
 * Unpacks a volume and notes that in the target. Each member is proved before it gets its final name. The
 * volume as a whole is compared with the checksum file beside it, if there is one.
 *
 * @throws {FirebreakError} from reading the volume or writing files, naming volume and member.
 */
export async function extractVolume(
  volume: FoundVolume,
  target: Target,
  count: (bytes: number) => void,
): Promise<void> {
  const { name } = volume;
  const reader = await VolumeReader.open(volume.path, name);
  try {
    const { members, bundle } = await readLabel(reader, name);
    // The stick may have been changed since the label was first read.
    if (bundle !== volume.head.bundle)
      throw bundleFault("volume-foreign", { volume: name, expected: volume.head.bundle, found: bundle });
    const left = new Map(members.map((m) => [m.name, m]));
    for (let found = await reader.next(); found !== undefined; found = await reader.next()) {
      fileInArchive(target.folder, name, found.name);
      const member = left.get(found.name);
      if (member === undefined || member.bytes !== found.bytes) {
        const isListed = members.some((m) => m.name === found.name);
        const why = member !== undefined ? "size" : isListed ? "twice" : "unlisted";
        throw bundleFault("member-refused", { volume: name, member: found.name, why });
      }
      left.delete(found.name);
      await extractMember(reader, name, member, target, count);
    }
    for (const member of left.keys())
      throw bundleFault("member-refused", { volume: name, member, why: "missing" });
    await compareChecksum(volume, await reader.end());
    await target.finishVolume(
      volume.head.volume,
      members.flatMap(({ piece }) => (piece === undefined ? [] : [piece.file])),
    );
  } finally {
    await reader.close();
  }
}

async function extractMember(
  reader: VolumeReader,
  volume: string,
  member: LabelMember,
  target: Target,
  count: (bytes: number) => void,
): Promise<void> {
  const { name, bytes, sha256, piece } = member;
  const file = piece?.file ?? name;
  const whole = target.wholePath(file);
  await makeFolder(dirname(whole));
  const path = piece === undefined ? `${whole}.partial` : target.piecesPath(file);
  // A whole file under its name was proved and synced by an earlier run that was cut off. This run only reads
  // past it.
  const isThere = (await sizeOf(whole)) === (piece?.fileBytes ?? bytes);
  const handle = isThere ? undefined : await openAt(path, piece === undefined);
  const hash = createHash("sha256");
  let at = piece?.offset ?? 0;
  try {
    for await (const block of reader.content()) {
      hash.update(block);
      if (handle !== undefined) await writeAll(handle, block, at);
      at += block.length;
      count(block.length);
    }
    await handle?.sync();
  } catch (error) {
    throw diskFault(error, path);
  } finally {
    await handle?.close();
  }
  const found = hash.digest("hex");
  if (found !== sha256) {
    if (piece === undefined) await rm(path, { force: true });
    throw bundleFault("member-damaged", { volume, member: name, expected: sha256, found });
  }
  if (handle === undefined) return;
  try {
    if (piece === undefined) await rename(path, whole);
    await syncFolder(dirname(path));
  } catch (error) {
    throw diskFault(error, path);
  }
}

/**
 * Opens a file for writing. Pieces come in any order and go to their places in one file; a whole file begins
 * empty.
 */
async function openAt(path: string, isEmptied: boolean): Promise<FileHandle> {
  try {
    return await open(path, isEmptied ? "w" : constants.O_RDWR | constants.O_CREAT);
  } catch (error) {
    throw diskFault(error, path);
  }
}

/** Writes all bytes. A single write may take only some of them, for example on a nearly full disk. */
async function writeAll(handle: FileHandle, block: Buffer, at: number): Promise<void> {
  for (let from = 0; from < block.length;)
    from += (await handle.write(block, from, block.length - from, at + from)).bytesWritten;
}

async function compareChecksum({ path, name }: FoundVolume, found: string): Promise<void> {
  const file = `${path}${CHECKSUM_ENDING}`;
  const text = await readFile(file, "utf8").catch(missingAs(file, undefined));
  if (text === undefined) return;
  const expected = /^([0-9a-f]{64})[ *]/.exec(text)?.[1];
  if (expected === undefined) throw bundleFault("volume-damaged", { volume: name, what: "checksum-file" });
  if (expected !== found) throw bundleFault("volume-damaged", { volume: name, what: "checksum" });
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => found.size,
    () => undefined,
  );
}
