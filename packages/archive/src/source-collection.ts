import type { SourceNamespace } from "./manifest/source-manifest.ts";

/** A kind of MongoDB namespace. */
export type CollectionKind = Exclude<SourceNamespace["kind"], "table">;

/** One collection as its source describes it. */
export interface SourceCollection {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly kind: SourceNamespace["kind"];
  /** Options and indexes as canonical Extended JSON, exactly as the source gave them. */
  readonly optionsText: string;
  readonly indexTexts: readonly string[];
}
