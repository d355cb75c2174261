import type { SourceManifest, SourceNamespace } from "./manifest/source-manifest.ts";
import { isSystemDatabase } from "./system-collections.ts";

/**
 * The namespaces as a manifest lists them: one that is of no one moment says so where the archive is of one.
 * Change streams do not cover the databases `admin`, `config` and `local` (manual, "Change Streams"), so
 * an export cannot bring their collections to the moment of the others.
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
