import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

interface Entry {
  readonly file: string;
  bytes: number;
  sha256: string;
  plainBytes?: number;
  plainSha256?: string;
}

interface Manifest {
  readonly namespaces: readonly { readonly metadata: Entry; readonly parts: readonly Entry[] }[];
}

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/**
 * Changes the text of every file of an archive that was not transformed yet, and
 * what its manifest says of them: an archive as another program could have made it.
 */
export async function rewriteArchive(
  archive: string,
  change: (text: string, file: string) => string,
): Promise<void> {
  const manifestFile = join(archive, "manifest.json");
  const manifest = JSON.parse(await readFile(manifestFile, "utf8")) as Manifest;
  const files = manifest.namespaces.flatMap((n) => [n.metadata, ...n.parts]);
  for (const entry of files) {
    const isPart = entry.plainBytes !== undefined;
    const before = await readFile(join(archive, entry.file));
    const plain = Buffer.from(
      change((isPart ? zstdDecompressSync(before) : before).toString("utf8"), entry.file),
    );
    const bytes = isPart ? zstdCompressSync(plain) : plain;
    await writeFile(join(archive, entry.file), bytes);
    Object.assign(entry, { bytes: bytes.length, sha256: sha256(bytes) });
    if (isPart) Object.assign(entry, { plainBytes: plain.length, plainSha256: sha256(plain) });
  }
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  const sums = [{ file: "manifest.json", sha256: sha256(text) }, ...files];
  await writeFile(manifestFile, text);
  await writeFile(join(archive, "SHA256SUMS"), sums.map((f) => `${f.sha256}  ${f.file}\n`).join(""));
}
