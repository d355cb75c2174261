import { setTimeout as wait } from "node:timers/promises";
import type { Access } from "../plan-record.ts";

/** The counts of a server since it started. */
export interface Counters {
  readonly reads: number;
  readonly writes: number;
  readonly connections: number;
}

/** A server to watch. */
export interface Watched {
  readonly server: string;
  read(): Promise<Counters>;
}

/** Watches servers for some seconds, all at the same time, and returns what was done on each. */
export async function watch(servers: readonly Watched[], seconds: number): Promise<Access[]> {
  const readAll = async () =>
    await Promise.all(servers.map(async (s) => ({ at: performance.now(), counters: await s.read() })));
  const before = await readAll();
  await wait(seconds * 1000);
  const after = await readAll();
  return servers.map(({ server }, i) => accessOf(server, before[i]!, after[i]!));
}

interface Look {
  /** Milliseconds of any clock. */
  readonly at: number;
  readonly counters: Counters;
}

/** Returns the use of a server between two looks. A server that was started in between has counted less: then nothing. */
export function accessOf(server: string, before: Look, after: Look): Access {
  const seconds = (after.at - before.at) / 1000;
  const rate = (name: "reads" | "writes"): number =>
    Math.max(0, after.counters[name] - before.counters[name]) / seconds;
  return {
    server,
    seconds,
    readsPerSecond: rate("reads"),
    writesPerSecond: rate("writes"),
    connections: after.counters.connections,
  };
}
