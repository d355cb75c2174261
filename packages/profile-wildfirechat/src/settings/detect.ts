import { contentOf, type BodyForm } from "../documents/content.ts";
import { EvidenceCounter, verdictOf } from "./evidence.ts";
import { messageTime } from "../documents/message-id.ts";
import { messageTableOf } from "../target/server-tables.ts";
import { receiversOf, type PrivateForm } from "../target/private-target.ts";
import { datetimeOf } from "../target/server-datetime.ts";
import type { ColumnFacts } from "@firebreak/archive";
import { clockOf, type ZoneClock } from "./zone-clock.ts";

/** Zones that are always tried, besides those that the user or a site's files name. */
export const CANDIDATE_ZONES = ["Asia/Shanghai", "UTC"] as const;

/** A message's id and the number of the table or collection that contains it. */
export interface PlacedId {
  readonly id: bigint;
  readonly shard: number;
}

/** The first and the last zone in which a month begins. */
const BORDER_ZONES = [clockOf("+14:00"), clockOf("-12:00")] as const;

/**
 * Counts evidence for the JVM's zone, from messages and the tables that contain them. Only messages near a
 * month's border tell.
 *
 * They may also show that no candidate is right: all other hours of a month give the same table in the
 * nearest candidate.
 */
export function jvmZoneCounter(zones: readonly string[]): EvidenceCounter<PlacedId> {
  const clocks = clocksOf(zones);
  return new EvidenceCounter(
    [...clocks.keys()],
    (zone, { id, shard }) => messageTableOf(id, clocks.get(zone)!) === shard,
    ({ id, shard }) => BORDER_ZONES.some((clock) => messageTableOf(id, clock) === shard),
  );
}

/** A DATETIME's wall clock and the id of its message. */
export interface DatedId {
  readonly id: bigint;
  readonly wallMs: number;
}

/** The most that an id's time and a message's DATETIME may differ: the DATETIME is rounded to the second. */
const MESSAGE_LAG_MS = 1000;
/** The most that an id's time and a user's row may differ. Zones differ by at least as much. */
const USER_ROW_LAG_MS = 10 * 60_000;

/** Counts evidence for the zone of `t_messages._dt` (`serverTimezone`). */
export function jdbcZoneCounter(zones: readonly string[]): EvidenceCounter<DatedId> {
  return wallCounter(zones, MESSAGE_LAG_MS);
}

/** Counts evidence for the zone of `t_user_messages._dt` (the MySQL server's sessions). */
export function sessionZoneCounter(zones: readonly string[]): EvidenceCounter<DatedId> {
  return wallCounter(zones, USER_ROW_LAG_MS);
}

function wallCounter(zones: readonly string[], lagMs: number): EvidenceCounter<DatedId> {
  const clocks = clocksOf(zones);
  return new EvidenceCounter([...clocks.keys()], (zone, { id, wallMs }) => {
    const expectedMs = datetimeOf(messageTime(id), clocks.get(zone)!);
    return expectedMs !== undefined && Math.abs(wallMs - expectedMs) <= lagMs;
  });
}

function clocksOf(zones: readonly string[]): Map<string, ZoneClock> {
  return new Map(zones.map((zone) => [zone, clockOf(zone)]));
}

/** Sender and `_target` of a private message. */
export interface PrivateSample {
  readonly from: string;
  readonly target: string;
}

/** Counts evidence for the form in which private chats are named. */
export function privateFormCounter(): EvidenceCounter<PrivateSample> {
  return new EvidenceCounter(["plain", "pair"], (form, sample) => formOf(sample) === form);
}

function formOf({ from, target }: PrivateSample): PrivateForm {
  return receiversOf(target, from).length > 0 ? "pair" : "plain";
}

export type PrivateFormVerdict =
  | { readonly kind: "decided"; readonly value: PrivateForm; readonly by: "rows" | "width" }
  | { readonly kind: "mixed" };

/** The most characters of a pair of two uids of 64 characters. */
const PAIR_CHARACTERS = 129;

/**
 * Returns the form that a target needs: the form of its rows or, if it has none, plain if the column is too
 * narrow for a pair. A wide column of an empty table decides nothing.
 */
export function privateFormVerdict(
  rows: { readonly plain: number; readonly pair: number },
  column: ColumnFacts | undefined,
): PrivateFormVerdict {
  const total = rows.plain + rows.pair;
  const evidence = {
    sampleCount: total,
    tellingCount: total,
    candidates: [],
    telling: [
      { candidate: "plain", agreeCount: rows.plain },
      { candidate: "pair", agreeCount: rows.pair },
    ],
  };
  const verdict = verdictOf(evidence);
  if (verdict.kind === "decided")
    return { kind: "decided", value: verdict.value === "pair" ? "pair" : "plain", by: "rows" };
  const isNarrow = column?.characters !== undefined && column.characters < PAIR_CHARACTERS;
  return total === 0 && isNarrow ? { kind: "decided", value: "plain", by: "width" } : { kind: "mixed" };
}

/** Counts the bodies of each form. A mix is reported and never changed: bodies are carried unchanged. */
export class BodyCounter {
  readonly counts: Record<BodyForm, number> = { plain: 0, xor: 0, empty: 0, other: 0 };

  add(data: Uint8Array): void {
    this.counts[contentOf(data).form]++;
  }

  verdict(): { readonly kind: "decided"; readonly value: "plain" | "xor" } | { readonly kind: "mixed" } {
    const { plain, xor } = this.counts;
    if ((plain === 0) === (xor === 0)) return { kind: "mixed" };
    return { kind: "decided", value: plain > 0 ? "plain" : "xor" };
  }
}
