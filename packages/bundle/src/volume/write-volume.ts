import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { archiveFault, diskFault } from "@firebreak/archive";
import type { PlannedMember, PlannedVolume } from "../planned-volume.ts";
import { labelFiles } from "../label-files.ts";
import type { LabelMember } from "../label.ts";
import { VolumeWriter } from "./volume-writer.ts";

const COPY_BYTES = 1 << 20;

/**
 * Writes a planned volume to `path`, sealed or not at all.
 *
 * @param hashes of its members' content; the bytes read must still have them.
 * @throws {FirebreakError} `disk-full`, `disk-failed`, or `file-hash` for a file that changed meanwhile.
 */
export async function writeVolume(
  path: string,
  { head, members }: PlannedVolume,
  hashes: ReadonlyMap<string, string>,
  count: (bytes: number) => void,
): Promise<void> {
  const label = labelFiles(
    head,
    members.map((m) => labelMember(m, hashes)),
  );
  const writer = await VolumeWriter.open(path);
  try {
    for (const { name, content } of label) {
      const bytes = Buffer.from(content);
      await writer.begin(name, bytes.length);
      await writer.write(bytes);
    }
    for (const member of members) {
      await writer.begin(member.name, member.bytes);
      await copy(member, hashes.get(member.name)!, writer, count);
    }
    await writer.seal();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function labelMember(member: PlannedMember, hashes: ReadonlyMap<string, string>): LabelMember {
  const { name, bytes, offset, piece, file } = member;
  return {
    name,
    bytes,
    sha256: hashes.get(name)!,
    ...(piece === undefined
      ? {}
      : {
          piece: {
            file: file.name,
            ...piece,
            offset,
            fileBytes: file.entry.bytes,
            fileSha256: file.entry.sha256,
          },
        }),
  };
}

async function copy(
  { file, offset, bytes }: PlannedMember,
  expected: string,
  writer: VolumeWriter,
  count: (bytes: number) => void,
): Promise<void> {
  const hash = createHash("sha256");
  const handle = await open(file.path, "r").catch((error: unknown) => {
    throw diskFault(error, file.path);
  });
  let copied = 0;
  try {
    const block = Buffer.allocUnsafeSlow(Math.min(COPY_BYTES, Math.max(bytes, 1)));
    while (copied < bytes) {
      const length = Math.min(block.length, bytes - copied);
      const { bytesRead } = await handle.read(block, 0, length, offset + copied).catch((error: unknown) => {
        throw diskFault(error, file.path);
      });
      if (bytesRead === 0) break;
      const read = block.subarray(0, bytesRead);
      hash.update(read);
      await writer.write(read);
      copied += bytesRead;
      count(bytesRead);
    }
  } finally {
    await handle.close();
  }
  const found = hash.digest("hex");
  if (found !== expected) throw archiveFault("file-hash", { file: file.path, expected, found });
}
