import type { Manifest } from "./manifest-file.ts";
import type { PartEntry } from "./schema-parts.ts";

/**
 * The parts of a folder by the kind of their lines. Only the lines of `content` count as documents or rows.
 */
export interface ManifestParts {
  /** Documents, rows as lines, or rows as CSV. */
  readonly content: readonly PartEntry[];
  /** Keys. In a delta: those deleted or replaced. In a repair: those of the rows that differ. */
  readonly keys: readonly PartEntry[];
  /** Lines that transform set aside. */
  readonly quarantine: readonly PartEntry[];
}

/**
 * Sorts the parts that a manifest names by the kind of their lines. It leaves out the lists of lines to which
 * a rule applied.
 */
export function manifestParts(manifest: Manifest): ManifestParts {
  switch (manifest.format) {
    case "firebreak-archive":
      return {
        content: manifest.namespaces.flatMap((n) => n.parts),
        keys: manifest.namespaces.flatMap((n) => [...(n.deletes ?? []), ...(n.expired ?? [])]),
        quarantine: [],
      };
    case "firebreak-mysql":
      return madeParts(manifest.tables, manifest.namespaces);
    case "firebreak-mongodb":
      return madeParts(manifest.collections, manifest.namespaces);
    case "firebreak-repair":
      return {
        content: manifest.tables.flatMap(({ rows }) => rows ?? []),
        keys: manifest.tables.map(({ keys }) => keys),
        quarantine: [],
      };
  }
}

function madeParts(
  targets: readonly {
    readonly parts: readonly PartEntry[];
    readonly keys?: readonly PartEntry[] | undefined;
  }[],
  namespaces: readonly { readonly quarantine: readonly PartEntry[] }[],
): ManifestParts {
  return {
    content: targets.flatMap((t) => t.parts),
    keys: targets.flatMap((t) => t.keys ?? []),
    quarantine: namespaces.flatMap((n) => n.quarantine),
  };
}
