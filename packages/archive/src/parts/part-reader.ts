import { createHash, type Hash } from "node:crypto";
import { open } from "node:fs/promises";
import { createZstdDecompress, zstdDecompressSync } from "node:zlib";
import { archiveFault, diskFault, missingFault } from "../archive-faults.ts";
import { sha256Of } from "../digest/sha256.ts";
import { FirebreakError } from "../errors.ts";
import { SMALL_BYTES, smallFile } from "../files/small-file.ts";
import { reasonOf } from "../reasons.ts";
import { AGE_SUFFIX, decrypted } from "../protection/age-file.ts";
import { EmptyLastLine, tellEmptyLastLine } from "./empty-last-line.ts";
import type { SealedPart } from "./part-writer.ts";
import { scratchPart } from "./scratch-parts.ts";

const READ_BYTES = 256 * 1024;

export interface PartReading {
  readonly fileHash?: Hash | undefined;
  /** Identities of the person; needed for an encrypted part. */
  readonly identities?: readonly string[] | undefined;
}

type PartFacts = Pick<SealedPart, "bytes" | "plainBytes" | "plainSha256">;

/**
 * Reads one sealed part: its plaintext in blocks, proved against its entry in the manifest. It reads every
 * byte of the file, also those after the zstd frame, which the decompressor would silently ignore. The
 * plaintext's hash is the proof; `fileHash` gets the file's own bytes. A part whose name ends in `.age` is
 * decrypted on the way.
 *
 * It drops an empty line at the end, which version 0.1.0 left in some parts, and tells of it.
 *
 * The proof is complete only when the iteration has ended without an error. A caller that acts on blocks
 * before that must be able to undo it.
 *
 * @param name the file's name in errors, relative to the archive.
 * @throws {FirebreakError} `file-missing`, `part-undecodable`, `file-size` or `part-content`.
 */
export async function* readPart(
  file: string,
  name: string,
  expected: PartFacts,
  reading: PartReading = {},
): AsyncGenerator<Buffer> {
  const held = scratchPart(file);
  if (held !== undefined) {
    yield held;
    return;
  }
  const small = readSmallPart(file, expected, reading);
  if (small === undefined) {
    yield* streamPart(file, name, expected, reading);
    return;
  }
  const emptyLine = new EmptyLastLine(name);
  yield* emptyLine.take(small);
  if (emptyLine.isFound) tellEmptyLastLine(name);
}

/** The least output that Node's zlib takes for one piece. */
const LEAST_CHUNK_BYTES = 64;

/**
 * Reads a small part in one piece (bench/small-parts.ts). Returns undefined for a large part, an encrypted one, and
 * one with any fault: reading it as a stream names the fault.
 */
function readSmallPart(
  file: string,
  { bytes, plainBytes, plainSha256 }: PartFacts,
  { fileHash }: PartReading,
): Buffer | undefined {
  if (plainBytes > SMALL_BYTES || file.endsWith(AGE_SUFFIX)) return undefined;
  const content = smallFile(file, bytes);
  if (content === undefined) return undefined;
  try {
    const plain = zstdDecompressSync(content, {
      chunkSize: Math.max(plainBytes + 1, LEAST_CHUNK_BYTES),
      maxOutputLength: plainBytes + 1,
    });
    if (plain.length !== plainBytes || sha256Of(plain) !== plainSha256) return undefined;
    fileHash?.update(content);
    return plain;
  } catch {
    return undefined;
  }
}

async function* streamPart(
  file: string,
  name: string,
  expected: PartFacts,
  { fileHash, identities }: PartReading,
): AsyncGenerator<Buffer> {
  const handle = await open(file, "r").catch(missingFault(name));
  const isEncrypted = file.endsWith(AGE_SUFFIX);
  const plainHash = createHash("sha256");
  const zstd = createZstdDecompress({ chunkSize: READ_BYTES });
  let bytes = 0;
  let plainBytes = 0;
  const emptyLine = new EmptyLastLine(name);
  const closed = new Promise<void>((resolve) => zstd.once("close", () => resolve()));

  /** Yields two blocks in turn: new ones for every read would keep the garbage collector busy. */
  async function* fileBlocks(): AsyncGenerator<Buffer> {
    const blocks = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
    for (let turn = 0; ; turn ^= 1) {
      const block = blocks[turn]!;
      const { bytesRead } = await handle.read(block, 0, READ_BYTES);
      if (bytesRead === 0) return;
      bytes += bytesRead;
      const read = block.subarray(0, bytesRead);
      fileHash?.update(read);
      // The web stream between here and the decryption may hold several blocks.
      yield isEncrypted ? Buffer.from(read) : read;
    }
  }

  async function feed(): Promise<void> {
    let earlier = Promise.resolve();
    for await (const block of isEncrypted ? decrypted(fileBlocks(), identities, name) : fileBlocks()) {
      const taken = new Promise<void>((resolve) => zstd.write(block, () => resolve()));
      // A block is free again when it has been taken and the next one is on its way.
      await Promise.race([earlier, closed]);
      earlier = taken;
      if (zstd.destroyed) break;
    }
    zstd.end();
  }

  const feeding = feed();
  feeding.catch((error: Error) => zstd.destroy(error));
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
  prove(name, expected, { bytes, plainBytes, plainSha256: plainHash.digest("hex") });
  if (emptyLine.isFound) tellEmptyLastLine(name);
}

function prove(name: string, expected: PartFacts, found: PartFacts): void {
  if (found.bytes !== expected.bytes)
    throw archiveFault("file-size", { file: name, expected: expected.bytes, found: found.bytes });
  if (found.plainBytes !== expected.plainBytes)
    throw archiveFault("part-content", {
      file: name,
      what: "bytes",
      expected: String(expected.plainBytes),
      found: String(found.plainBytes),
    });
  if (found.plainSha256 !== expected.plainSha256)
    throw archiveFault("part-content", {
      file: name,
      what: "sha256",
      expected: expected.plainSha256,
      found: found.plainSha256,
    });
}

/**
 * Reads the rest of a part that has a faulty line, then throws the fault. If the bytes are not those that
 * were sealed, it throws that error instead, because only then does another copy help.
 *
 * @param blocks as `readPart` gives them, read up to the fault.
 */
export async function refuseSealed(blocks: AsyncIterable<unknown>, fault: unknown): Promise<never> {
  // The `AsyncIterator` of a generator continues where it stopped.
  const rest = blocks[Symbol.asyncIterator]();
  while ((await rest.next()).done !== true);
  throw fault;
}
