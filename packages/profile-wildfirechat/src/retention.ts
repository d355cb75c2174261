import { firstMessageId } from "./message-id.ts";
import { profileFault } from "./profile-faults.ts";
import type { ZoneClock } from "./zone-clock.ts";

/** What of a hybrid's messages goes to MySQL: what its 36 tables keep, or all. */
export type Retention = "3y-1d" | "all";

/** @throws {FirebreakError} `profile-option-invalid` */
export function readRetention(value: string): Retention {
  if (value === "3y-1d" || value === "all") return value;
  throw profileFault("profile-option-invalid", { option: "retention", value, allowed: "3y-1d, all" });
}

/**
 * The lowest id that MySQL still keeps, three years less a day before `nowMs`
 * by the JVM's calendar; undefined where everything is kept.
 *
 * `nowMs` is the archive's watermark and not the clock's time, so that a second
 * run over one archive skips the same documents. Where the day is missing in
 * that year (29 February) the one before counts, as in Java's calendar.
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
  // JavaScript goes on to 1 March instead.
  if (wall.getUTCDate() !== day) wall.setUTCDate(0);
  wall.setUTCDate(wall.getUTCDate() + 1);
  const wallMs = wall.getTime();
  const [first] = jvmZone.instantsOf(wallMs);
  return firstMessageId(first ?? wallMs - jvmZone.offsetMs(wallMs));
}
