import type { SourceNamespace } from "./manifest/source-manifest.ts";

/** What a namespace of MongoDB can be. */
export type CollectionKind = Exclude<SourceNamespace["kind"], "table">;

/** One collection as its source describes it. */
export interface SourceCollection {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly kind: SourceNamespace["kind"];
  /** Options and indexes as canonical Extended JSON, exactly as the source told them. */
  readonly optionsText: string;
  readonly indexTexts: readonly string[];
}
