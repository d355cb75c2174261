import type {
  ChainLink,
  ChainNamespace,
  MadeDatabase,
  NamespaceFilter,
  SourceManifest,
  StepEvent,
} from "@firebreak/archive";
import type { Note } from "../export-source.ts";
import type { Destination } from "../plan-collection.ts";

/** Finds what changed at a source since a chain: one way of several. Close it when done. */
export interface DeltaSource {
  readonly by: NonNullable<SourceManifest["delta"]>["by"];
  /** For messages: hosts, never with a password. */
  readonly place: string;
  readonly server: string | undefined;
  /** What a person should know before it begins. */
  readonly notes: readonly Note[];

  /** Writes what changed into the archive's folder, and returns what the manifest is to say of it. */
  write(target: DeltaTarget): AsyncGenerator<StepEvent, DeltaContents>;

  close(): Promise<void>;
}

/** What a delta goes on from, and where it is written. */
export interface DeltaTarget extends Destination {
  /** The full archive first. */
  readonly chain: readonly ChainLink[];
  /** What the chain has, by namespace. */
  readonly known: ReadonlyMap<string, ChainNamespace>;
  readonly filter: NamespaceFilter;
  /** What opens the chain's files. */
  readonly identities: readonly string[] | undefined;
  readonly partBytes: number;
  /** A folder that is there, for what does not fit in memory; it goes with the run. */
  readonly scratch: string;
  readonly jobs: number;
  readonly giveUpAfterMs: number;
}

/** What a source has to say of a delta that it has written. */
export interface DeltaContents {
  /** Only those that changed, in any order. */
  readonly namespaces: SourceManifest["namespaces"];
  readonly consistency: SourceManifest["consistency"];
  readonly watermark?: string | undefined;
  /** The moment that everything is of, as the source names it. */
  readonly position?: string | undefined;
  /** What each database has besides, as the content of its file; all of it, where the source has such. */
  readonly databases?: readonly { readonly database: string; readonly text: string }[];
  /** What databases have, or may have, that the delta does not. */
  readonly notCarried?: readonly MadeDatabase[];
}
