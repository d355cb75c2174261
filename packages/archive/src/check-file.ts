import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { archiveFault, diskFault, missingFault } from "./archive-faults.ts";
import { sha256Of } from "./digest/sha256.ts";
import { smallFile } from "./files/small-file.ts";
import type { FileEntry } from "./manifest/schema-parts.ts";

const READ_BYTES = 1 << 20;

/**
 * Reads a whole file and proves that it has the size and hash that its manifest says.
 *
 * @param take gets each block as it comes; the block is valid until `take` returns.
 * @throws {FirebreakError} `file-missing`, `file-size`, `file-hash` or `disk-failed`, naming `path`.
 */
export async function checkFile(
  path: string,
  entry: FileEntry,
  take: (block: Buffer) => void,
): Promise<void> {
  const small = smallFile(path, entry.bytes);
  if (small !== undefined) {
    refuseOtherHash(path, entry, sha256Of(small));
    take(small);
    return;
  }
  await checkSize(path, entry);
  const hash = createHash("sha256");
  const handle = await open(path, "r").catch((error: unknown) => {
    throw diskFault(error, path);
  });
  try {
    // The next block is read while this one is hashed.
    const blocks = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)] as const;
    let reading = handle.read(blocks[0], 0, READ_BYTES);
    for (let turn: 0 | 1 = 1; ; turn = turn === 0 ? 1 : 0) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) break;
      reading = handle.read(blocks[turn], 0, READ_BYTES);
      const read = buffer.subarray(0, bytesRead);
      hash.update(read);
      take(read);
    }
  } catch (error) {
    throw diskFault(error, path);
  } finally {
    await handle.close();
  }
  refuseOtherHash(path, entry, hash.digest("hex"));
}

/** @throws {FirebreakError} `file-missing` or `file-size` */
export async function checkSize(path: string, entry: FileEntry): Promise<void> {
  const found = await stat(path).catch(missingFault(path));
  if (found.size !== entry.bytes)
    throw archiveFault("file-size", { file: path, expected: entry.bytes, found: found.size });
}

/** @throws {FirebreakError} `file-hash` */
export function refuseOtherHash(path: string, entry: FileEntry, found: string): void {
  if (found !== entry.sha256) throw archiveFault("file-hash", { file: path, expected: entry.sha256, found });
}
