import { setTimeout as delay } from "node:timers/promises";
import { FirebreakError } from "@firebreak/archive";
import { MongoNetworkError, MongoServerError, MongoServerSelectionError } from "mongodb";
import { TRANSIENT_CODES } from "./passing-codes.ts";

/** The longest pause between two tries. */
const MAX_PAUSE_MS = 10_000;

/** True if the error, or the fault made from it, may pass by itself. */
function isTransient(error: unknown): boolean {
  if (error instanceof MongoServerError) return TRANSIENT_CODES.has(error.code);
  if (error instanceof FirebreakError) return isTransient(error.cause);
  return error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
}

/** Settings for retries when a server fails. */
export interface RetrySettings {
  /** The time without a success after which the last error is thrown. */
  readonly giveUpAfterMs: number;
  /** Called when a wait begins and ends, for the screen. */
  readonly onWaiting?: (isWaiting: boolean) => void;
}

/** Settings without retries: the first error is thrown. */
export const NO_RETRY: RetrySettings = { giveUpAfterMs: 0 };

/** Retries one piece of work, with pauses that double, until it succeeds or the time for retries is over. */
export class Retry {
  readonly #settings: RetrySettings;
  #pauseMs = 0;
  #failingSince: number | undefined;

  constructor(settings: RetrySettings) {
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
   * @throws the error itself, if it is not transient or the time is over.
   */
  async waitAfter(error: unknown): Promise<void> {
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

/** Retries work while its server fails for a moment. The work must have no half-way result. */
export async function withRetry<T>(settings: RetrySettings, work: () => Promise<T>): Promise<T> {
  const retry = new Retry(settings);
  for (;;)
    try {
      const result = await work();
      retry.succeeded();
      return result;
    } catch (error) {
      await retry.waitAfter(error);
    }
}
