import type { ChainLink, ChainNamespace } from "@firebreak/items";
import type { MadeDatabase, NamespaceFilter, SourceManifest } from "@firebreak/archive";

import type { Destination } from "../mongodb/plan-collection.ts";
import type { ExportEvent, Note } from "../export-notes.ts";

/** One of several ways to find what changed at a source since the end of a chain. Close it when done. */
export interface DeltaSource {
  readonly by: NonNullable<SourceManifest["delta"]>["by"];
  /** The hosts, for messages; never contains a password. */
  readonly place: string;
  readonly server: string | undefined;
  /** Notes that the user should read before the delta begins. */
  readonly notes: readonly Note[];

  /** Writes the changes into the archive's folder, and returns the contents for the manifest. */
  write(target: DeltaTarget): AsyncGenerator<ExportEvent, DeltaContents>;

  close(): Promise<void>;
}

/** The chain that a delta continues, and the destination of the delta. */
export interface DeltaTarget extends Destination {
  /** The links of the chain, the full archive first. */
  readonly chain: readonly ChainLink[];
  /** The namespaces of the chain. */
  readonly known: ReadonlyMap<string, ChainNamespace>;
  readonly filter: NamespaceFilter;
  /** The identities that open the chain's files. */
  readonly identities: readonly string[] | undefined;
  readonly partBytes: number;
  /** An existing folder for what does not fit in memory; it is removed with the run. */
  readonly scratch: string;
  readonly jobs: number;
  readonly giveUpAfterMs: number;
}

/** The contents of a delta that a source has written. */
export interface DeltaContents {
  /** Only the namespaces that changed, in any order. */
  readonly namespaces: SourceManifest["namespaces"];
  readonly consistency: SourceManifest["consistency"];
  readonly watermark?: string | undefined;
  /** The moment that all data reflects, as the source names it. */
  readonly position?: string | undefined;
  /** Everything that each database has besides tables, as the content of its file. Never only the changes. */
  readonly databases?: readonly { readonly database: string; readonly text: string }[];
  /** Objects that the databases have, or may have, and that the delta lacks. */
  readonly notCarried?: readonly MadeDatabase[];
}
