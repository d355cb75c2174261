import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

/** What one process took, from its start to its end. */
export interface ProcessFigures {
  readonly wallSeconds: number;
  /** User and system time of all its threads, and of the processes it waited for. */
  readonly cpuSeconds: number;
  /** The most memory it had at once (VmHWM); undefined where there is no /proc. */
  readonly peakMib: number | undefined;
  readonly stdout: string;
}

export interface ProcessToMeasure {
  /** For a person: `export`, `mysql client`. */
  readonly title: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure. */
  readonly goodCodes?: readonly number[];
}

const POLL_MS = 50;
const TICKS_PER_SECOND = 100;

/**
 * Runs a process and measures it. Run one at a time: the CPU time is what the
 * kernel adds to ours for children that ended (proc(5), cutime and cstime), the
 * peak is polled, which misses only what happens in the last 50 ms.
 *
 * @throws Error with the end of its stderr when it ends with another code.
 */
export async function measureProcess({
  title,
  command,
  env = {},
  goodCodes = [0],
}: ProcessToMeasure): Promise<ProcessFigures> {
  // A person's own FIREBREAK_ settings may name their real databases.
  const ownEnv = Object.entries(process.env).filter(([name]) => !name.startsWith("FIREBREAK_"));
  const cpuBefore = childrenCpuSeconds();
  const startedAt = performance.now();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    env: { ...Object.fromEntries(ownEnv), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let peakMib = peakMibOf(child.pid);
  const polling = setInterval(() => {
    peakMib = peakMibOf(child.pid) ?? peakMib;
  }, POLL_MS);
  try {
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null, string | null]>,
    ]);
    const wallSeconds = (performance.now() - startedAt) / 1000;
    if (code === null || !goodCodes.includes(code))
      throw new Error(`${title} ended with ${code ?? signal}:\n${stderr.slice(-2000)}`);
    return { wallSeconds, cpuSeconds: childrenCpuSeconds() - cpuBefore, peakMib, stdout };
  } finally {
    clearInterval(polling);
  }
}

function peakMibOf(pid: number | undefined): number | undefined {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(procFile(`${pid}/status`))?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

function childrenCpuSeconds(): number {
  // The name in brackets may hold blanks; the fields after it are numbered from 3.
  const fields = procFile("self/stat")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[13] ?? Number.NaN) + Number(fields[14] ?? Number.NaN)) / TICKS_PER_SECOND;
}

function procFile(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return "";
  }
}
