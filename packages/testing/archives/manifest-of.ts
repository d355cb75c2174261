import { FORMAT_VERSION, type SourceManifest, type SourceNamespace } from "@firebreak/archive";

/** The manifest of an archive that holds these namespaces, as export would write it. */
export function manifestOf(
  namespaces: SourceNamespace[],
  changes: Partial<SourceManifest> = {},
): SourceManifest {
  return {
    format: "firebreak-archive",
    formatVersion: FORMAT_VERSION,
    source: { kind: "mongodb" },
    consistency: "document",
    settings: { include: [], exclude: [], partMib: 64 },
    namespaces,
    run: { startedAt: "", finishedAt: "", host: "", firebreak: "", node: "" },
    ...changes,
  };
}

/** The one collection of an archive, `d.c`. */
export function namespaceOf(
  lineCount: number,
  files: Pick<SourceNamespace, "metadata" | "parts">,
): SourceNamespace {
  return {
    namespace: "d.c",
    database: "d",
    collection: "c",
    kind: "collection",
    directory: "source/d/c",
    documentCount: lineCount,
    lineCount,
    ...files,
  };
}
