import { randomInt } from "node:crypto";

/**
 * Picks `count` different numbers below `total`, sorted, all equally likely. Returns all numbers if there are
 * no more than `count` (Floyd's algorithm).
 */
export function randomPicks(count: number, total: number): number[] {
  const picked = new Set<number>();
  for (let last = Math.max(0, total - count); last < total; last++) {
    const pick = randomInt(last + 1);
    picked.add(picked.has(pick) ? last : pick);
  }
  return [...picked].sort((a, b) => a - b);
}
