import type { MongodbManifest } from "@firebreak/archive";
import type { MongodbSource } from "../driver/connect.ts";
import type { LoadRequest } from "@firebreak/target";
import type { ProgressCounters, WorkerPool } from "@firebreak/workers";
import type { CollectionWork, DonePart, PlannedCollection } from "./collection-plan.ts";
import type { LoadSetting } from "./parts/load-part.ts";
import type { Work, WorkResult } from "./load-worker.ts";
import type { TargetChain } from "./ledger/target-chain.ts";

/** The options of a load that only MongoDB has. */
export interface MongodbLoadOptions {
  readonly url: string;
  /** In a delta: the folder of the link before, if not beside it; only used to name differing documents. */
  readonly previous?: string | undefined;
}

/** A load into MongoDB, with all that it needs. */
export type MongodbLoad = MongodbLoadOptions & LoadRequest<MongodbManifest>;

/** A load that may begin. */
export interface LoadRun {
  readonly options: MongodbLoad;
  readonly target: MongodbSource;
  readonly setting: LoadSetting;
  readonly work: readonly CollectionWork[];
  readonly chain: TargetChain;
  /** Throws if the lock on the target is lost: nothing more may be written then. */
  readonly assertHeld: () => void;
}

/** The parts of each collection that are in. */
export type Done = Map<PlannedCollection, DonePart[]>;

/** The threads that work on parts, and their counters. */
export interface Threads {
  readonly pool: WorkerPool<Work, WorkResult>;
  readonly counters: ProgressCounters;
}
