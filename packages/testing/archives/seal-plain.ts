import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { constants, zstdCompressSync } from "node:zlib";
import type { SealedPart } from "@firebreak/archive";

/** Seals any plaintext, also one that `PartWriter` refuses, as a part that says of itself what it is told. */
export async function sealPlain(
  file: string,
  plaintext: string | Buffer,
  lineCount: number,
): Promise<SealedPart> {
  const plain = Buffer.from(plaintext);
  const stored = zstdCompressSync(plain, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  await writeFile(file, stored);
  return {
    bytes: stored.length,
    sha256: sha256(stored),
    plainBytes: plain.length,
    plainSha256: sha256(plain),
    lineCount,
  };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
