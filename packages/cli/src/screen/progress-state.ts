import type { StepEvent, TotalIs } from "@firebreak/archive";

export type Progress = Extract<StepEvent, { kind: "progress" }>;

/** Where a stage began, and how far it is. */
export interface ProgressState {
  readonly first: Progress;
  readonly startedAtMs: number;
  readonly latest: Progress;
  readonly atMs: number;
}

/** Takes the next figures: those of another stage, or of one that counts from its beginning again, begin anew. */
export function nextState(before: ProgressState | undefined, latest: Progress, atMs: number): ProgressState {
  const isNew =
    before === undefined || before.latest.stage !== latest.stage || latest.items < before.first.items;
  return isNew ? { first: latest, startedAtMs: atMs, latest, atMs } : { ...before, latest, atMs };
}

/** What can be said of a stage's progress. */
export interface ProgressFigures {
  readonly items: number;
  /** Of changes that are read: how far they are behind the source, which is told instead of the rest. */
  readonly lagSeconds?: number;
  /** Left out where it is unknown, or was overtaken and so is known to be wrong. */
  readonly total?: { readonly items: number; readonly is: TotalIs };
  /** Of the whole, from 0 to 1; left out where the total still grows. */
  readonly share?: number;
  readonly itemsPerSecond?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
}

/** Works out shares, speeds since the stage began, and the time that is left at that speed. */
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
