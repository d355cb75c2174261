import type { ReadManifest, SourceManifest, TargetFacts } from "@firebreak/archive";
import type { Pass } from "./lines/passes.ts";

/** A task that fills a locked, empty folder for a target. */
export interface FolderTask {
  readonly source: ReadManifest<SourceManifest>;
  readonly pass: Omit<Pass, "totalLines">;
  readonly startedAt: string;
  readonly version: string;
  /** The instant of the data, if it is another than that of the archive. */
  readonly watermarkMs?: number | undefined;
  readonly targetFacts?: TargetFacts | undefined;
}
