import type { KeyRange } from "@firebreak/transform";
import { firstMessageId } from "./documents/message-id.ts";
import { profileFault } from "./profile-faults.ts";
import type { ZoneClock } from "./settings/zone-clock.ts";

/** The messages of a hybrid that go to MySQL: those that its 36 tables keep, or all. */
export type Retention = "3y-1d" | "all";

/**
 * Reads the option `retention`.
 *
 * @throws {FirebreakError} `profile-option-invalid`
 */
export function readRetention(value: string): Retention {
  if (value === "3y-1d" || value === "all") return value;
  throw profileFault("profile-option-invalid", { option: "retention", value, allowed: "3y-1d, all" });
}

/**
 * Returns the lowest id that MySQL still keeps: three years less a day before `nowMs`, by the JVM's calendar.
 * Undefined if everything is kept.
 *
 * `nowMs` is the archive's watermark and not the clock's time, so that a second run with the same archive
 * skips the same documents. If that year lacks the day (29 February), the day before counts, as in Java's
 * calendar.
 */
export function retentionHorizon(
  retention: Retention,
  nowMs: number,
  jvmZone: ZoneClock,
): bigint | undefined {
  if (retention === "all") return undefined;
  const wall = new Date(jvmZone.wallMs(nowMs));
  const day = wall.getUTCDate();
  wall.setUTCFullYear(wall.getUTCFullYear() - 3);
  // JavaScript would continue with 1 March.
  if (wall.getUTCDate() !== day) wall.setUTCDate(0);
  wall.setUTCDate(wall.getUTCDate() + 1);
  const wallMs = wall.getTime();
  const [first] = jvmZone.instantsOf(wallMs);
  return firstMessageId(first ?? wallMs - jvmZone.offsetMs(wallMs));
}

/** Returns the ids that are on the other side of a horizon now than they were before. */
export function idsBetween(before: bigint | undefined, now: bigint | undefined): KeyRange[] {
  if (before === now) return [];
  if (before === undefined || now === undefined) return [{ from: undefined, to: before ?? now! }];
  return before < now ? [{ from: before, to: now }] : [{ from: now, to: before }];
}
