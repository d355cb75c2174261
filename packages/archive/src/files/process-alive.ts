import { readFileSync } from "node:fs";
import { systemCode } from "../archive-faults.ts";

/**
 * Returns true if a process of this host is still at work. A killed process that nobody has reaped (in a
 * container without an init) still answers to signals. If there is a `/proc`, its state there says that it is
 * a zombie (proc(5), "stat").
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
  const state = statOf(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/**
 * Returns the start of a process, which tells it from a later one with the same number. Undefined if there is
 * no `/proc`.
 */
export function processStart(pid: number): string | undefined {
  const ticks = statOf(pid)?.[19];
  if (ticks === undefined) return undefined;
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()} ${ticks}`;
  } catch {
    return undefined;
  }
}

/** Returns the fields behind the process's name, which is in parentheses and may contain anything. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
