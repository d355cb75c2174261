import { SingleBar } from "cli-progress";
import type { StepEvent } from "@firebreak/archive";
import type { Catalogue } from "../messages/catalogue.ts";

type Progress = Extract<StepEvent, { kind: "progress" }>;

const LINE_EVERY_MS = 3000;

/** Shows how a step goes on: a bar on a terminal, else a line every few seconds. */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  readonly #texts: Pick<Catalogue, "stages" | "lag">;
  #bar: SingleBar | undefined;
  #stage = "";
  #startedAt = 0;
  #first: Progress | undefined;
  #linedAt = 0;

  constructor(out: NodeJS.WriteStream, texts: Pick<Catalogue, "stages" | "lag">) {
    this.#out = out;
    this.#texts = texts;
  }

  show(progress: Progress): void {
    const now = performance.now();
    if (progress.stage !== this.#stage) {
      this.end();
      this.#stage = progress.stage;
      this.#startedAt = now;
      this.#linedAt = now;
      this.#first = progress;
    }
    const figures = this.#figures(progress, (now - this.#startedAt) / 1000);
    if (this.#out.isTTY) this.#showBar(progress, figures);
    else if (now - this.#linedAt >= LINE_EVERY_MS) {
      this.#linedAt = now;
      this.#out.write(`${this.#label(progress.stage)}: ${figures}\n`);
    }
  }

  /** Takes the bar away, before other text or at the end. */
  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#stage = "";
  }

  #showBar(progress: Progress, figures: string): void {
    const { done, total } = this.#extent(progress);
    if (this.#bar === undefined) {
      this.#bar = new SingleBar({
        format: `${this.#label(progress.stage)} {bar} {figures}`,
        stream: this.#out,
        hideCursor: true,
        barsize: 24,
        clearOnComplete: true,
      });
      this.#bar.start(total, done, { figures });
    }
    this.#bar.setTotal(total);
    this.#bar.update(done, { figures });
  }

  /** Of changes nobody knows how many there are, but of when the last is to be. */
  #extent({ items, totalItems = 0, lagSeconds }: Progress): { done: number; total: number } {
    if (lagSeconds === undefined) return { done: items, total: Math.max(totalItems, items, 1) };
    const total = Math.max(this.#first?.lagSeconds ?? 0, lagSeconds, 1);
    return { done: total - lagSeconds, total };
  }

  #label(stage: string): string {
    return this.#texts.stages[stage] ?? stage;
  }

  #figures(progress: Progress, seconds: number): string {
    if (progress.lagSeconds !== undefined) return this.#texts.lag(progress.lagSeconds);
    const items = progress.items - (this.#first?.items ?? 0);
    const bytes = progress.bytes - (this.#first?.bytes ?? 0);
    const rate = seconds > 0 ? items / seconds : 0;
    const shown = [count(progress.items)];
    if (progress.totalItems !== undefined && progress.totalItems > 0) {
      shown.push(
        `of ${count(progress.totalItems)} (${Math.min(100, Math.floor((progress.items / progress.totalItems) * 100))} %)`,
      );
    }
    shown.push(`${count(Math.round(rate))}/s`);
    if (bytes > 0 && seconds > 0) shown.push(`${(bytes / seconds / 1e6).toFixed(1)} MB/s`);
    const left =
      progress.totalItems === undefined || rate === 0
        ? undefined
        : (progress.totalItems - progress.items) / rate;
    if (left !== undefined && left > 0) shown.push(`${duration(left)} left`);
    return shown.join(" ");
  }
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes === 0
    ? `${whole} s`
    : minutes < 60
      ? `${minutes} min ${whole % 60} s`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
