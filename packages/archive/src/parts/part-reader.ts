import { createHash, type Hash } from "node:crypto";
import { open } from "node:fs/promises";
import { createZstdDecompress } from "node:zlib";
import { archiveFault, diskFault } from "../archive-faults.ts";
import { reasonOf } from "../errors.ts";
import type { SealedPart } from "./part-writer.ts";

const READ_BYTES = 256 * 1024;

/**
 * Reads one sealed part: its plaintext in blocks, proved against what the
 * manifest says of it. Every byte of the file is read, also those after the
 * zstd frame, which the decompressor would pass over in silence. The proof is the
 * plaintext's hash; the file's own is for whoever asks with `fileHash`.
 *
 * The proof is complete only when the last block has been taken and the
 * iteration ended without an error: who acts on the blocks before that must be
 * able to undo it.
 *
 * @param name how errors call the file, relative to the archive.
 * @throws {FirebreakError} `file-missing`, `part-undecodable`, `file-size` or `part-content`.
 */
export async function* readPart(
  file: string,
  name: string,
  expected: SealedPart,
  fileHash?: Hash,
): AsyncGenerator<Buffer> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? archiveFault("file-missing", { file: name }, error)
      : diskFault(error, name);
  });
  const plainHash = createHash("sha256");
  const zstd = createZstdDecompress({ chunkSize: READ_BYTES });
  let bytes = 0;
  let plainBytes = 0;
  const closed = new Promise<void>((resolve) => zstd.once("close", () => resolve()));

  /** Two blocks in turn: new ones for every read would keep the garbage collector busy. */
  async function feed(): Promise<void> {
    const turns = [0, 1].map(() => ({ block: Buffer.allocUnsafeSlow(READ_BYTES), taken: Promise.resolve() }));
    for (let i = 0; !zstd.destroyed; i++) {
      const turn = turns[i % turns.length]!;
      await turn.taken;
      const { bytesRead } = await handle.read(turn.block, 0, READ_BYTES);
      if (bytesRead === 0) break;
      bytes += bytesRead;
      const read = turn.block.subarray(0, bytesRead);
      fileHash?.update(read);
      const taken = new Promise<void>((resolve) => zstd.write(read, () => resolve()));
      turn.taken = Promise.race([taken, closed]);
    }
    zstd.end();
  }

  const feeding = feed();
  feeding.catch((error: unknown) => zstd.destroy(error as Error));
  try {
    for await (const block of zstd as AsyncIterable<Buffer>) {
      plainHash.update(block);
      plainBytes += block.length;
      if (plainBytes > expected.plainBytes) break;
      yield block;
    }
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw diskFault(error, name);
    throw archiveFault("part-undecodable", { file: name, reason: reasonOf(error) }, error);
  } finally {
    zstd.destroy();
    await feeding.catch(() => undefined);
    await handle.close();
  }
  if (bytes !== expected.bytes)
    throw archiveFault("file-size", { file: name, expected: expected.bytes, found: bytes });
  if (plainBytes !== expected.plainBytes)
    throw archiveFault("part-content", {
      file: name,
      what: "bytes",
      expected: String(expected.plainBytes),
      found: String(plainBytes),
    });
  const plainFound = plainHash.digest("hex");
  if (plainFound !== expected.plainSha256)
    throw archiveFault("part-content", {
      file: name,
      what: "sha256",
      expected: expected.plainSha256,
      found: plainFound,
    });
}
