import { setTimeout as delay } from "node:timers/promises";
import { FirebreakError } from "@firebreak/archive";
import { MongoNetworkError, MongoServerError, MongoServerSelectionError } from "mongodb";
import { TRANSIENT_CODES } from "./passing-codes.ts";

/** Longest pause between two tries. */
const MAX_PAUSE_MS = 10_000;

/** Whether what the driver threw, or what became of it, may pass by itself. */
function isTransient(error: unknown): boolean {
  if (error instanceof MongoServerError) return TRANSIENT_CODES.has(error.code);
  if (error instanceof FirebreakError) return isTransient(error.cause);
  return error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
}

/** How long a server's failures are borne with. */
export interface PatienceSettings {
  /** Without success for so long, the last error stands. */
  readonly giveUpAfterMs: number;
  /** Told when a wait begins and ends, for the screen. */
  readonly onWaiting?: (isWaiting: boolean) => void;
}

/** The first failure stands. */
export const NO_PATIENCE: PatienceSettings = { giveUpAfterMs: 0 };

/** Bears with the failures of one piece of work: pauses that double, until a success or the end of patience. */
export class Patience {
  readonly #settings: PatienceSettings;
  #pauseMs = 0;
  #failingSince: number | undefined;

  constructor(settings: PatienceSettings) {
    this.#settings = settings;
  }

  succeeded(): void {
    if (this.#failingSince === undefined) return;
    this.#failingSince = undefined;
    this.#pauseMs = 0;
    this.#settings.onWaiting?.(false);
  }

  /**
   * Waits before the next try.
   *
   * @throws the error itself when it is not of the passing kind, or patience is at its end.
   */
  async bear(error: unknown): Promise<void> {
    const now = performance.now();
    const isFirst = this.#failingSince === undefined;
    this.#failingSince ??= now;
    const leftMs = this.#settings.giveUpAfterMs - (now - this.#failingSince);
    if (!isTransient(error) || leftMs <= 0) {
      this.#end(isFirst);
      throw error;
    }
    if (isFirst) this.#settings.onWaiting?.(true);
    this.#pauseMs = Math.min(MAX_PAUSE_MS, leftMs, this.#pauseMs * 2 || 250);
    await delay(this.#pauseMs);
  }

  #end(isFirst: boolean): void {
    this.#failingSince = undefined;
    if (!isFirst) this.#settings.onWaiting?.(false);
  }
}

/** Does work that has no half-way result, again and again while its server fails in passing. */
export async function patiently<T>(settings: PatienceSettings, work: () => Promise<T>): Promise<T> {
  const patience = new Patience(settings);
  for (;;)
    try {
      const result = await work();
      patience.succeeded();
      return result;
    } catch (error) {
      await patience.bear(error);
    }
}
