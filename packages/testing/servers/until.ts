import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 5;

/** Polls until the condition holds. @throws Error when it does not in time. */
export async function until(what: string, holds: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !(await holds()); await wait(POLL_MS))
    if (Date.now() > deadline) throw new Error(`this did not happen in ${timeoutMs} ms: ${what}`);
}
