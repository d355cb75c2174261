import type { ReadManifest, SourceManifest, StepEvent } from "@firebreak/archive";
import type { LoadOutcome, MadeManifest } from "./load-target.ts";
import type { DifferingItems, SampleEvent } from "./reported-difference.ts";

/** The options of a comparison with a target of any kind. */
export interface ChecksumOptions {
  readonly archive: string;
  /** The folder that transform wrote. */
  readonly folder: string;
  /** The folder that gets the differences. Load put the rows or documents that the target refused there. */
  readonly work: string;
  readonly jobs: number;
  /** The person's identities, which open an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** In a delta: the folder of the link before it. If missing, it is expected beside the delta. */
  readonly previous?: string | undefined;
}

/** A comparison, with the manifests that it needs. */
export interface ChecksumRequest<M> extends ChecksumOptions {
  readonly source: ReadManifest<SourceManifest>;
  readonly made: M;
}

/**
 * A kind of target whose content can be compared with an archive, and where it is. The comparison only reads.
 *
 * @typeParam M the manifest of transform's output for it.
 * @typeParam N the notes of its comparisons.
 */
export interface ChecksumTarget<
  M extends MadeManifest | undefined,
  N,
  O extends OpenChecksum<N> = OpenChecksum<N>,
> {
  /**
   * Reads the manifest of transform's output. Returns undefined if there is none, and the archive itself can be
   * compared.
   *
   * @param sourceSha256 names the archive.
   * @throws {FirebreakError} a fault of archive.
   */
  readManifest(folder: string, sourceSha256: string, identities: readonly string[] | undefined): Promise<M>;
  open(request: ChecksumRequest<M>): Promise<O>;
}

/** A target to which there is a connection. */
export interface OpenChecksum<N> {
  /**
   * Compares everything. For tables or collections whose sums differ, it yields the differences, which the
   * caller reads to their end before it goes on. Whatever the target refused at load is not expected.
   *
   * @throws {FirebreakError} a fault of the target's kind or archive.
   */
  compare(): AsyncGenerator<StepEvent<N> | DifferingItems>;
  /** Returns the accounts, when all differences were read. */
  outcome(): Promise<LoadOutcome<N>>;
  /** Returns the fault of an error of the driver, or the error itself. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}

/** A target that can show some of its rows. */
export interface OpenSample<N> extends OpenChecksum<N> {
  /** Shows rows of the archive, picked at random, as they are in the target. */
  sample(count: number): AsyncGenerator<StepEvent<N> | SampleEvent>;
}
