import { createHash, type Hash } from "node:crypto";
import { open } from "node:fs/promises";
import { createZstdDecompress } from "node:zlib";
import { archiveFault, diskFault } from "../archive-faults.ts";
import { FirebreakError, reasonOf } from "../errors.ts";
import { AGE_SUFFIX, decrypted } from "../protection/age-file.ts";
import { EmptyLastLine, tellEmptyLastLine } from "./empty-last-line.ts";
import type { SealedPart } from "./part-writer.ts";

const READ_BYTES = 256 * 1024;

export interface PartReading {
  readonly fileHash?: Hash | undefined;
  /** Of the person; needed for an encrypted part. */
  readonly identities?: readonly string[] | undefined;
}

/**
 * Reads one sealed part: its plaintext in blocks, proved against what the
 * manifest says of it. Every byte of the file is read, also those after the
 * zstd frame, which the decompressor would pass over in silence. The proof is the
 * plaintext's hash; the file's own is for whoever asks with `fileHash`. A part
 * whose name ends in `.age` is decrypted on the way.
 *
 * An empty line at the end, which version 0.1.0 left in some parts, is not given and is told of.
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
  expected: Pick<SealedPart, "bytes" | "plainBytes" | "plainSha256">,
  { fileHash, identities }: PartReading = {},
): AsyncGenerator<Buffer> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? archiveFault("file-missing", { file: name }, error)
      : diskFault(error, name);
  });
  const isEncrypted = file.endsWith(AGE_SUFFIX);
  const plainHash = createHash("sha256");
  const zstd = createZstdDecompress({ chunkSize: READ_BYTES });
  let bytes = 0;
  let plainBytes = 0;
  const emptyLine = new EmptyLastLine(name);
  const closed = new Promise<void>((resolve) => zstd.once("close", () => resolve()));

  /** Two blocks in turn: new ones for every read would keep the garbage collector busy. */
  async function* fileBlocks(): AsyncGenerator<Buffer> {
    const blocks = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)] as const;
    for (let turn = 0; ; turn ^= 1) {
      const block = blocks[turn as 0 | 1];
      const { bytesRead } = await handle.read(block, 0, READ_BYTES);
      if (bytesRead === 0) return;
      bytes += bytesRead;
      const read = block.subarray(0, bytesRead);
      fileHash?.update(read);
      // Between here and the decryption a stream of the web's kind may hold several.
      yield isEncrypted ? Buffer.from(read) : read;
    }
  }

  async function feed(): Promise<void> {
    let earlier = Promise.resolve();
    for await (const block of isEncrypted ? decrypted(fileBlocks(), identities, name) : fileBlocks()) {
      const taken = new Promise<void>((resolve) => zstd.write(block, () => resolve()));
      // A block is free again when the one after it is on its way and it has been taken itself.
      await Promise.race([earlier, closed]);
      earlier = taken;
      if (zstd.destroyed) break;
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
      yield* emptyLine.take(block);
    }
  } catch (error) {
    if (error instanceof FirebreakError) throw error;
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
  if (emptyLine.isFound) tellEmptyLastLine(name);
}

/**
 * Throws what was wrong with the lines of a part, once the rest of it has been read: where its bytes are not
 * those that were sealed, that is thrown in its place, for only then another copy helps.
 *
 * @param blocks as `readPart` gives them, read up to the fault.
 */
export async function refuseSealed(blocks: AsyncIterable<unknown>, fault: unknown): Promise<never> {
  // An `AsyncIterator` of a generator goes on where it stands.
  const rest = blocks[Symbol.asyncIterator]();
  while ((await rest.next()).done !== true);
  throw fault;
}
