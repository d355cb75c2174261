import { createHash } from "node:crypto";
import { checkFile, type ArchiveFile } from "@firebreak/archive";
import type { PlannedMember } from "./planned-volume.ts";

/**
 * Reads a file once, proves it against its manifest, and returns the SHA-256 of each of its members.
 *
 * @param members of this file, in order, without gaps.
 * @throws {FirebreakError} any error of `checkFile`.
 */
export async function hashMembers(
  file: ArchiveFile,
  members: readonly PlannedMember[],
  count: (bytes: number) => void,
): Promise<string[]> {
  if (members.every((m) => m.piece === undefined)) {
    await checkFile(file.path, file.entry, (block) => count(block.length));
    return members.map(() => file.entry.sha256);
  }
  const hashes = members.map(() => createHash("sha256"));
  let index = 0;
  let at = 0;
  await checkFile(file.path, file.entry, (block) => {
    for (let from = 0; from < block.length;) {
      const { offset, bytes } = members[index]!;
      const to = Math.min(block.length, from + offset + bytes - at);
      hashes[index]!.update(block.subarray(from, to));
      at += to - from;
      from = to;
      if (at === offset + bytes) index++;
    }
    count(block.length);
  });
  return hashes.map((hash) => hash.digest("hex"));
}
