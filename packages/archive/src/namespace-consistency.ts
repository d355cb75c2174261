import type { SourceManifest, SourceNamespace } from "./manifest/source-manifest.ts";
import { isSystemDatabase } from "./system-collections.ts";

/**
 * The namespaces as a manifest lists them: one that is of no one moment says so where the archive is of one.
 * Of the databases `admin`, `config` and `local` no change stream tells (manual, "Change Streams"), so
 * that what was read of them cannot be brought to the moment of the others.
 */
export function withConsistency(
  namespaces: readonly SourceNamespace[],
  { source, consistency }: Pick<SourceManifest, "source" | "consistency">,
): SourceNamespace[] {
  const isOfOne = source.kind === "mongodb" && consistency === "snapshot";
  return namespaces.map((ns) => {
    const { consistency: _, ...rest } = ns;
    return isOfOne && isSystemDatabase(ns.database) ? { ...rest, consistency: "document" } : rest;
  });
}
