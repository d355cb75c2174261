import { readFileSync } from "node:fs";

/**
 * Whether a process of this host is still at work. One that was killed but that
 * nobody has reaped (a container without an init) still answers to signals: where
 * there is a `/proc`, its state says that it is a zombie (proc(5), "stat").
 */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before the state is in parentheses and may hold anything.
    const state = stat.slice(stat.lastIndexOf(")") + 2)[0];
    return state !== "Z" && state !== "X";
  } catch {
    return true;
  }
}
