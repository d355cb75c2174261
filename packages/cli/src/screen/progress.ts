import { SingleBar } from "cli-progress";
import type { Language, ProgressTexts } from "../messages/language.ts";
import type { StepEvent, TotalIs } from "@firebreak/archive";
import { cutToWidth, displayWidth } from "./text-table.ts";

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

const LINE_EVERY_MS = 3000;

/** Shows a step's progress: on a terminal in a line that changes, otherwise in a line every few seconds. */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  readonly #texts: Pick<Language, "stages" | "progress">;
  #bar: SingleBar | undefined;
  #state: ProgressState | undefined;
  #linedAtMs = performance.now();

  constructor(out: NodeJS.WriteStream, texts: Pick<Language, "stages" | "progress">) {
    this.#out = out;
    this.#texts = texts;
  }

  show(progress: Progress): void {
    const now = performance.now();
    this.#state = nextState(this.#state, progress, now);
    const { stages, progress: texts } = this.#texts;
    const label = stages[progress.stage];
    const figures = figuresOf(this.#state);
    if (this.#out.isTTY) {
      // A terminal may move to the next line once its last column is written, so that column stays free.
      const line = progressLine(label, figures, (this.#out.columns || 80) - 1, texts);
      this.#started().update(0, { line });
    } else if (now - this.#linedAtMs >= LINE_EVERY_MS) {
      this.#linedAtMs = now;
      this.#out.write(`${progressLogLine(label, figures, texts)}\n`);
    }
  }

  /** Clears the line, before other text or at the end. */
  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #started(): SingleBar {
    if (this.#bar === undefined) {
      this.#bar = new SingleBar({
        format: "{line}",
        stream: this.#out,
        hideCursor: true,
        clearOnComplete: true,
      });
      this.#bar.start(1, 0, { line: "" });
    }
    return this.#bar;
  }
}

const BAR_COLUMNS = 24;
const LEAST_BAR_COLUMNS = 8;

const PIECES = ["items", "total", "percent", "speed", "bytes", "left", "lag"] as const;
type Piece = (typeof PIECES)[number];

/** The order in which pieces go if room is short. The label is cut before the count. The time left stays. */
const LOSSES: readonly Piece[] = ["bytes", "speed", "total", "items", "percent"];
const MAY_CUT_LABEL = LOSSES.indexOf("items");

/**
 * Returns the line that shows a stage's progress on a terminal, in at most the given number of columns. If
 * there is too little room, the bar goes first, then the speeds and the total. Then the label is cut. The
 * count and the percentage go last.
 */
export function progressLine(
  label: string,
  figures: ProgressFigures,
  columns: number,
  texts: ProgressTexts,
): string {
  const pieces = piecesOf(figures, texts);
  const all = PIECES.filter((piece) => pieces[piece] !== undefined);
  let kept = all;
  for (;;) {
    const text = kept.map((piece) => pieces[piece]!).join(" ");
    const room = columns - displayWidth(text) - 1;
    const spare = room - displayWidth(label);
    if (spare >= 0) return `${label}${kept === all ? barIn(spare, figures) : ""} ${text}`;
    const next = LOSSES.findIndex((piece) => kept.includes(piece));
    const isLast = next === -1 || kept.length === 1;
    if (isLast || (next >= MAY_CUT_LABEL && room >= -1))
      return room >= 2 ? `${cutToWidth(label, room)} ${text}` : cutToWidth(text, columns);
    kept = kept.filter((piece) => piece !== LOSSES[next]);
  }
}

/** Returns the line for a log, which keeps its lines. It has all pieces and no bar. */
export function progressLogLine(label: string, figures: ProgressFigures, texts: ProgressTexts): string {
  const pieces = piecesOf(figures, texts);
  return [`${label}:`, ...PIECES.flatMap((piece) => pieces[piece] ?? [])].join(" ");
}

function piecesOf(figures: ProgressFigures, texts: ProgressTexts): Partial<Record<Piece, string>> {
  const { items, total, share, itemsPerSecond, bytesPerSecond, secondsLeft, lagSeconds } = figures;
  if (lagSeconds !== undefined) return { lag: texts.lag(lagSeconds) };
  return {
    items: texts.items(items),
    ...(total === undefined ? {} : { total: texts.total(total.items, total.is) }),
    ...(share === undefined ? {} : { percent: `(${Math.floor(share * 100)} %)` }),
    ...(itemsPerSecond === undefined ? {} : { speed: texts.speed(itemsPerSecond) }),
    ...(bytesPerSecond === undefined ? {} : { bytes: texts.bytes(bytesPerSecond) }),
    ...(secondsLeft === undefined ? {} : { left: texts.left(secondsLeft) }),
  };
}

/** Returns a space and a bar that fits the room, or an empty text if there is too little room. */
function barIn(spare: number, { share }: ProgressFigures): string {
  const columns = Math.min(BAR_COLUMNS, spare - 1);
  if (share === undefined || columns < LEAST_BAR_COLUMNS) return "";
  const full = Math.floor(share * columns);
  return ` ${"█".repeat(full)}${"░".repeat(columns - full)}`;
}
