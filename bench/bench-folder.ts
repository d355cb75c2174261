import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

/** A new folder below `.bench/`, on the project's own disk; it goes when the bench is done. */
export async function benchFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const parent = join(import.meta.dirname, "..", ".bench");
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, "run-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** @throws Error when the variable is set to something that is no number of messages. */
export function messageCountFrom(defaultCount: number): number {
  const text = process.env["FIREBREAK_BENCH_MESSAGES"] ?? String(defaultCount);
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw new Error(`FIREBREAK_BENCH_MESSAGES is "${text}". Set it to a number of messages.`);
  return Number(text);
}
