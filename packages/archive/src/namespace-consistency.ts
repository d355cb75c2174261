import type { SourceManifest, SourceNamespace } from "./manifest/source-manifest.ts";
import { isSystemDatabase } from "./system-collections.ts";

/**
 * Databases, by source, whose collections an export cannot bring to the moment of the others. Change streams
 * do not cover `admin`, `config` and `local` (manual, "Change Streams"). An oplog has nothing of `local`,
 * which is not replicated.
 */
const APART: Readonly<Record<SourceManifest["source"]["kind"], (database: string) => boolean>> = {
  mongodb: isSystemDatabase,
  dump: (database) => database === "local",
  mysql: () => false,
};

/**
 * Returns the namespaces as a manifest lists them. In an archive of one moment, a namespace that has no one
 * moment gets its own `consistency`.
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
