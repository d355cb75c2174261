import type { ReadManifest, SourceManifest } from "@firebreak/archive";

/** The place of an archive in its chain. Archives are named by the SHA-256 of their manifests. */
export interface ChainPlace {
  readonly archive: string;
  /** The full archive at the start of the chain; a full archive names itself. */
  readonly chain: string;
  /** 0 for the full archive. */
  readonly number: number;
  /** The link before; undefined for the full archive. */
  readonly base: string | undefined;
}

export function chainPlace({
  manifest: { delta },
  sha256,
}: Pick<ReadManifest<SourceManifest>, "manifest" | "sha256">): ChainPlace {
  return delta === undefined
    ? { archive: sha256, chain: sha256, number: 0, base: undefined }
    : { archive: sha256, chain: delta.chainSha256, number: delta.number, base: delta.baseSha256 };
}
