import {
  type Account,
  type Delta,
  eachPart,
  type MadeDatabase,
  type ReadManifest,
  type SourceManifest,
  type Stage,
  type StepEvent,
  type TransformedFolders,
} from "@firebreak/archive";
import type { TargetCapabilities } from "./capabilities.ts";
import type { ChainVerdict, KnownChain } from "./chain/chain-verdict.ts";
import type { ChainPlace } from "./chain/chain-place.ts";

/** The options of a load into a target of any kind. */
export interface LoadOptions {
  readonly archive: string;
  /** The folder that transform wrote. */
  readonly folder: string;
  readonly jobs: number;
  /** The folder for rows or documents that the target refuses. */
  readonly work: string;
  /** The load ends if the target refuses more rows or documents than this. */
  readonly maxQuarantine: number;
  /** Loads only the rows or documents in quarantine. */
  readonly isReplay: boolean;
  /** Checks everything, writes nothing. */
  readonly isDryRun: boolean;
  /** The user's identities, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}

/** The content of a manifest of transform's output that every kind of target has. */
export interface MadeManifest {
  readonly delta?: Delta | undefined;
  readonly databases?: readonly MadeDatabase[] | undefined;
}

/** A load, with the manifests that it needs. */
export interface LoadRequest<M> extends LoadOptions {
  readonly source: ReadManifest<SourceManifest>;
  readonly made: M;
  /** The recipients of an encrypted archive; its quarantine is encrypted for them too. */
  readonly recipients: readonly string[];
  readonly place: ChainPlace;
}

/**
 * A kind of target that can be loaded, and where it is. The seam between the recipe and the target is the
 * part: MySQL commits its rows and its ledger entry together; in MongoDB the ledger entry follows.
 *
 * @typeParam M the manifest of transform's output for it.
 * @typeParam N the notes of its loads.
 */
export interface LoadTarget<M extends MadeManifest, N> {
  readonly capabilities: TargetCapabilities;
  /** Names a folder of transform's output by its kind, so that it can be verified. */
  transformed(folder: string): TransformedFolders;
  readManifest(
    folder: string,
    identities: readonly string[] | undefined,
  ): Promise<Pick<ReadManifest<M>, "manifest" | "encryption">>;
  open(request: LoadRequest<M>): Promise<OpenTarget<N>>;
}

/** A target to which there is a connection. */
export interface OpenTarget<N> {
  readonly server: string;
  /**
   * Reads what the ledgers of the databases know of the archive's chain.
   *
   * @throws {FirebreakError} a refusal with all findings so far, if they cannot be read.
   */
  knownChains(): Promise<readonly KnownChain[]>;
  /** Returns true if a load of an archive that is in has something to do. */
  goesOn(verdict: Extract<ChainVerdict, { what: "in" }>): boolean;
  /** Returns the outcome of a load that changes nothing, as the archive is in already. */
  unchanged(): Promise<LoadOutcome<N>>;
  /**
   * Plans the load, and writes nothing.
   *
   * @throws {FirebreakError} a refusal with all findings.
   */
  inspect(verdict: Loadable): Promise<LoadPlan<N>>;
  /** Admits no other load until the target is closed. */
  lock(): Promise<void>;
  /** Throws if the lock is lost: nothing more may be written then. */
  assertHeld(): void;
  /** Returns the fault of an error of the driver, or the error itself. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}

export interface LoadOutcome<N> {
  readonly notes: readonly StepEvent<N>[];
  readonly accounts: readonly Account[];
}

/** The verdict on an archive that may be loaded, or whose quarantine may be. */
export type Loadable = Exclude<ChainVerdict, { what: "refused" | "followed" }>;

/** The steps of a load that may begin, in the order in which the recipe takes them. */
export interface LoadPlan<N> {
  /** The facts about the target that the user should know. */
  readonly notes: readonly StepEvent<N>[];
  /** Returns notes of what an earlier run has done, or of what a dry run leaves. */
  outlook(): readonly StepEvent<N>[];
  /**
   * Prepares tables or collections, and returns the stages in which parts are loaded, with notes between them.
   * A replay has a stage for what was refused before. Each stage ends before the next one is asked for.
   */
  stages(): AsyncIterable<LoadStage<N> | StepEvent<N>>;
  /** Reads back what was loaded, where no transaction guarantees it. */
  prove?(): AsyncGenerator<StepEvent<N>>;
  /** Builds indexes and sets counters, when all parts are in. */
  finish(): AsyncGenerator<StepEvent<N>>;
  /** Returns the accounts by the ledgers and the proof, and a note of how much is in quarantine. */
  outcome(): Promise<LoadOutcome<N>>;
  /** Records in the ledgers that the link is in, if all of it is. */
  end(): Promise<void>;
}

/** Parts that are worked on alike, several at a time. */
export interface LoadStage<N> {
  readonly stage: Stage;
  /** The number of parts at a time, if it is not the user's. */
  readonly jobs?: number;
  readonly totalItems: number;
  /** Each works on one part, to its entry in the ledger, and returns notes about it. */
  readonly parts: readonly (() => Promise<readonly StepEvent<N>[]>)[];
  /** Returns how much is done, including the work of an earlier run. */
  readonly progress: () => { readonly items: number; readonly bytes: number };
  readonly close?: () => Promise<void>;
}

/** Runs a stage. `assertHeld` throws if nothing more may be written. */
export async function* runStage<N>(
  { stage, parts, progress, totalItems, close, jobs: own }: LoadStage<N>,
  jobs: number,
  assertHeld: () => void,
): AsyncGenerator<StepEvent<N>> {
  try {
    for await (const outcome of eachPart(parts, own ?? jobs, (work) => work())) {
      assertHeld();
      if (outcome.kind === "done") yield* outcome.result;
      yield { kind: "progress", stage, ...progress(), totalItems };
    }
  } finally {
    await close?.();
  }
}
