import type { ChildProcess } from "node:child_process";
import { text } from "node:stream/consumers";
import { startStep, stepExit, typedCommand, type DemoStep } from "./demo-steps.ts";
import { say } from "./servers/say.ts";

/** Runs the demo's steps one after another and ends the one that is running when the demo is told to end. */
export class DemoRun {
  #step: ChildProcess | undefined;
  #isEnding = false;

  /** Whether `end` was called: whatever fails from then on fails because of that. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /**
   * Runs the steps, what they print being shown, until one fails. An exit code
   * of 3, some documents in quarantine, is no failure but the code of the whole.
   */
  async steps(steps: readonly DemoStep[]): Promise<{ exitCode: number; lastVerb: string }> {
    let exitCode = 0;
    let lastVerb = "";
    for (const [at, step] of steps.entries()) {
      say(`step ${at + 1} of ${steps.length}, ${step.verb}: ${step.says}`);
      say(`  $ ${typedCommand(step)}`);
      const stepCode = await this.#exitOf(startStep(step, "show"));
      lastVerb = step.verb;
      if (stepCode === 3) {
        say(`${step.verb} is done, and some documents or rows are in quarantine (exit code 3)`);
        exitCode = 3;
      } else if (stepCode !== 0) {
        const rest = at + 1 < steps.length ? "; the steps after it are left out" : "";
        say(`${step.verb} ended with exit code ${stepCode}${rest}`);
        return { exitCode: stepCode, lastVerb };
      }
    }
    return { exitCode, lastVerb };
  }

  /** What the step prints to stdout with --json, whatever its exit code. */
  async jsonOf(step: DemoStep): Promise<string> {
    const child = startStep({ ...step, args: [...step.args, "--json", "--quiet"] }, "capture");
    const [output] = await Promise.all([
      child.stdout === null ? "" : text(child.stdout),
      this.#exitOf(child),
    ]);
    return output;
  }

  /** Ends the running step and resolves when it has ended; no other step starts after it. */
  async end(): Promise<void> {
    this.#isEnding = true;
    if (this.#step === undefined) return;
    this.#step.kill("SIGTERM");
    await stepExit(this.#step);
  }

  async #exitOf(child: ChildProcess): Promise<number> {
    this.#step = child;
    const exitCode = await stepExit(child);
    this.#step = undefined;
    if (this.#isEnding) throw new Error("the demo was told to end");
    return exitCode;
  }
}
