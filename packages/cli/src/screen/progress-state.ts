import type { StepEvent, TotalIs } from "@firebreak/archive";

export type Progress = Extract<StepEvent, { kind: "progress" }>;

/** The first and the latest figures of a stage, with their times. */
export interface ProgressState {
  readonly first: Progress;
  readonly startedAtMs: number;
  readonly latest: Progress;
  readonly atMs: number;
}

/** Takes the next figures. A new stage, or one that counts from its beginning again, resets the state. */
export function nextState(before: ProgressState | undefined, latest: Progress, atMs: number): ProgressState {
  const isNew =
    before === undefined || before.latest.stage !== latest.stage || latest.items < before.first.items;
  return isNew ? { first: latest, startedAtMs: atMs, latest, atMs } : { ...before, latest, atMs };
}

/** The figures that can be shown for a stage's progress. */
export interface ProgressFigures {
  readonly items: number;
  /** While changes are read: their lag behind the source. It is shown instead of the other figures. */
  readonly lagSeconds?: number;
  /** Missing if it is unknown, or if the count has passed it, which proves it wrong. */
  readonly total?: { readonly items: number; readonly is: TotalIs };
  /** The share of the whole, from 0 to 1. Missing if there is no total, or if it still grows. */
  readonly share?: number;
  readonly itemsPerSecond?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
}

/** Computes the share, the speeds since the stage began, and the time left at that speed. */
export function figuresOf({ first, startedAtMs, latest, atMs }: ProgressState): ProgressFigures {
  const { items, bytes, totalItems = 0, totalIs = "known", lagSeconds } = latest;
  if (lagSeconds !== undefined) {
    const most = Math.max(first.lagSeconds ?? 0, lagSeconds, 1);
    return { items, lagSeconds, share: 1 - lagSeconds / most };
  }
  const seconds = (atMs - startedAtMs) / 1000;
  const speed = (count: number): number | undefined =>
    seconds > 0 && count > 0 ? count / seconds : undefined;
  const itemsPerSecond = speed(items - first.items);
  const bytesPerSecond = speed(bytes - first.bytes);
  const speeds = {
    ...(itemsPerSecond === undefined ? {} : { itemsPerSecond }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
  };
  if (totalItems <= 0 || items > totalItems) return { items, ...speeds };
  const total = { items: totalItems, is: totalIs };
  if (totalIs === "so-far") return { items, total, ...speeds };
  const left = totalItems - items;
  return {
    items,
    total,
    share: items / totalItems,
    ...speeds,
    ...(itemsPerSecond === undefined || left === 0 ? {} : { secondsLeft: left / itemsPerSecond }),
  };
}
