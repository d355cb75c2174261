import { contentOf, type BodyForm } from "./content.ts";
import { EvidenceCounter, verdictOf } from "./evidence.ts";
import { messageTime } from "./message-id.ts";
import { messageTableOf } from "./message-table.ts";
import { receiversOf, type PrivateForm } from "./private-target.ts";
import { datetimeOf } from "./server-datetime.ts";
import type { ColumnFacts } from "@firebreak/archive";
import { clockOf, type ZoneClock } from "./zone-clock.ts";

/** Zones that are tried beside those a person or a site's files name. */
export const CANDIDATE_ZONES = ["Asia/Shanghai", "UTC"] as const;

/** A message's id and the number of the table or collection it lies in. */
export interface PlacedId {
  readonly id: bigint;
  readonly shard: number;
}

/** The first and the last zone to begin a month. */
const BORDER_ZONES = [clockOf("+14:00"), clockOf("-12:00")] as const;

/**
 * Which zone the JVM writes in, from messages and the tables they lie in; only
 * those near a month's border tell. They tell too that it is no candidate: all
 * of a month's other hours are the same in the nearest one.
 */
export function jvmZoneCounter(zones: readonly string[]): EvidenceCounter<PlacedId> {
  const clocks = clocksOf(zones);
  return new EvidenceCounter(
    [...clocks.keys()],
    (zone, { id, shard }) => messageTableOf(id, clocks.get(zone)!) === shard,
    ({ id, shard }) => BORDER_ZONES.some((clock) => messageTableOf(id, clock) === shard),
  );
}

/** A DATETIME's wall clock beside the id of its message. */
export interface DatedId {
  readonly id: bigint;
  readonly wallMs: number;
}

/** How far apart an id's time and a row's may be: a message's within the second it is rounded to, a user's row later. */
const MESSAGE_LAG_MS = 1000;
/** Zones differ by at least this much, so a smaller lag tells them apart. */
const USER_ROW_LAG_MS = 10 * 60_000;

/** Which zone `t_messages._dt` is in (`serverTimezone`). */
export function jdbcZoneCounter(zones: readonly string[]): EvidenceCounter<DatedId> {
  return wallCounter(zones, MESSAGE_LAG_MS);
}

/** Which zone `t_user_messages._dt` is in (the MySQL server's sessions). */
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

/** How private chats are named. */
export function privateFormCounter(): EvidenceCounter<PrivateSample> {
  return new EvidenceCounter(["plain", "pair"], (form, sample) => formOf(sample) === form);
}

function formOf({ from, target }: PrivateSample): PrivateForm {
  return receiversOf(target, from).length > 0 ? "pair" : "plain";
}

export type PrivateFormVerdict =
  | { readonly kind: "decided"; readonly value: PrivateForm; readonly by: "rows" | "width" }
  | { readonly kind: "mixed" };

/** Characters that a pair of two uids of 64 takes at most. */
const PAIR_CHARACTERS = 129;

/**
 * The form that a target wants: the one its rows have; without rows plain where
 * the column is too narrow for a pair. A wide and empty column says nothing.
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
  if (verdict.kind === "decided") return { kind: "decided", value: verdict.value as PrivateForm, by: "rows" };
  const isNarrow = column?.characters !== undefined && column.characters < PAIR_CHARACTERS;
  return total === 0 && isNarrow ? { kind: "decided", value: "plain", by: "width" } : { kind: "mixed" };
}

/** How many bodies have each form. A mix is reported and never undone: bodies are carried as they are. */
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
