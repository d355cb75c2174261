import type { SourceManifest, SourceNamespace } from "./manifest/source-manifest.ts";
import { isSystemDatabase } from "./system-collections.ts";

/**
 * Databases whose collections an export cannot bring to the moment of the others, by
 * source. Change streams do not cover `admin`, `config` and `local` (manual, "Change
 * Streams"), and an oplog has nothing of `local`, which is not replicated.
 */
const APART: Readonly<Record<SourceManifest["source"]["kind"], (database: string) => boolean>> = {
  mongodb: isSystemDatabase,
  dump: (database) => database === "local",
  mysql: () => false,
};

/**
 * The namespaces as a manifest lists them: one that is of no one moment says so where the archive is of one.
 */
export function withConsistency(
  namespaces: readonly SourceNamespace[],
  { source, consistency }: Pick<SourceManifest, "source" | "consistency">,
): SourceNamespace[] {
  const isApart = APART[source.kind];
  return namespaces.map((ns) => {
    const { consistency: _, ...rest } = ns;
    return consistency === "snapshot" && isApart(ns.database) ? { ...rest, consistency: "document" } : rest;
  });
}
