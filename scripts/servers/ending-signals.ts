import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const steps = new Set<() => Promise<void>>();

/**
 * Has `step` run when this process is asked to end; it ends when all steps have, with the code a shell gives for that signal.
 * A second signal ends it at once.
 */
export function onEndingSignal(step: () => Promise<void>): void {
  if (steps.size === 0) for (const signal of signals) process.on(signal, end);
  steps.add(step);
}

let isEnding = false;

function end(signal: (typeof signals)[number]): void {
  const exitCode = 128 + constants.signals[signal];
  if (isEnding) process.exit(exitCode);
  isEnding = true;
  void Promise.allSettled([...steps].map((step) => step())).then(() => process.exit(exitCode));
}
