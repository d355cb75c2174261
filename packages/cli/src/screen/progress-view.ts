import { SingleBar } from "cli-progress";
import type { Language } from "../messages/language.ts";
import { progressLine, progressLogLine } from "./progress-line.ts";
import { figuresOf, nextState, type Progress, type ProgressState } from "./progress-state.ts";

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
