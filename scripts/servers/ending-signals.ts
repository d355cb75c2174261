import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const steps: (() => Promise<void>)[] = [];

/**
 * Has `step` run when this process is asked to end; what began last ends first, and then it ends with the code a shell gives for that signal.
 * A second signal ends it at once.
 */
export function onEndingSignal(step: () => Promise<void>): void {
  if (steps.length === 0) for (const signal of signals) process.on(signal, end);
  steps.push(step);
}

let isEnding = false;

function end(signal: (typeof signals)[number]): void {
  const exitCode = 128 + constants.signals[signal];
  if (isEnding) process.exit(exitCode);
  isEnding = true;
  void endSteps().then(() => process.exit(exitCode));
}

/** A process that uses a server must be gone before the server: it would tell of a broken connection. */
async function endSteps(): Promise<void> {
  for (const step of steps.toReversed()) await step().catch(() => undefined);
}
