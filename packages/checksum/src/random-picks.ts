import { randomInt } from "node:crypto";

/** `count` different numbers below `total`, any as likely as another, sorted; all of them where there are no more (Floyd's way). */
export function randomPicks(count: number, total: number): number[] {
  const picked = new Set<number>();
  for (let last = Math.max(0, total - count); last < total; last++) {
    const pick = randomInt(last + 1);
    picked.add(picked.has(pick) ? last : pick);
  }
  return [...picked].sort((a, b) => a - b);
}
