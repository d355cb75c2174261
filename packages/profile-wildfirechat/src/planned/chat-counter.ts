import type {
  CountedGroup,
  Place,
  SiteCount,
  SiteCounter,
  Span,
  TableCount,
  WrittenAt,
} from "@firebreak/profile";
import { firstMessageId } from "../documents/message-id.ts";
import { candidateZones, decideJdbcZone, type Known } from "../settings/decisions.ts";
import { jvmZoneCounter } from "../settings/detect.ts";
import { verdictOf } from "../settings/evidence.ts";
import { clockOf, type ZoneClock } from "../settings/zone-clock.ts";
import {
  messageTable,
  messageTableAt,
  shardTable,
  userMessageTable,
  userShard,
} from "../target/server-tables.ts";
import { QUARTER_MS, startOf } from "./counting.ts";

type Sum = Pick<CountedGroup, "documents" | "bytes">;
type Counts = Readonly<Record<"documents" | "bytes" | "recentDocuments", number>>;

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const NONE: Counts = { documents: 0, bytes: 0, recentDocuments: 0 };

/** Adds up a hybrid's messages by month, and its users' documents by table. */
export class ChatCounter implements SiteCounter {
  readonly #known: Known;
  readonly #zone: ReturnType<typeof jvmZoneCounter>;
  /** Messages by the start of their quarter of an hour: the zone, and with it the month, is decided at the end. */
  readonly #messages = new Map<number, Counts>();
  readonly #users = new Map<number, Counts>();
  #unplaced: Sum = NONE;

  constructor(known: Known) {
    this.#known = known;
    this.#zone = jvmZoneCounter(candidateZones(known.options));
  }

  add({ collection }: Place, group: CountedGroup): void {
    const { kind, shard } = shardTable(collection);
    const ms = startOf(group.key);
    if (kind === "messages" && ms !== undefined) {
      this.#zone.add({ id: firstMessageId(ms), shard });
      addTo(this.#messages, ms, group);
    } else if (kind === "userMessages" && typeof group.key === "string")
      addTo(this.#users, userShard(group.key), group);
    else this.#unplaced = added(this.#unplaced, group);
  }

  addRecent({ collection }: Place, { key, documents: recentDocuments }: CountedGroup): void {
    const ms = startOf(key);
    const recent = { documents: 0, bytes: 0, recentDocuments };
    if (shardTable(collection).kind === "userMessages") {
      if (typeof key === "string") addTo(this.#users, userShard(key), recent);
    } else if (ms !== undefined) addTo(this.#messages, ms, recent);
  }

  span(nowMs: number): Span | undefined {
    const starts = [...this.#messages.keys()].filter((ms) => ms <= nowMs);
    if (starts.length === 0) return undefined;
    const least = (one: number, other: number): number => Math.min(one, other);
    const most = (one: number, other: number): number => Math.max(one, other);
    return { fromMs: starts.reduce(least), untilMs: starts.reduce(most) + QUARTER_MS };
  }

  finish(): SiteCount {
    const clock = this.#clock();
    const users = [...this.#users].toSorted(([a], [b]) => a - b);
    return {
      tables: [
        ...this.#months(clock),
        ...users.map(([shard, counts]) => ({ table: userMessageTable(shard), ...counts })),
      ],
      unplaced: { documents: this.#unplaced.documents, bytes: this.#unplaced.bytes },
      zone: clock.zone,
      times: [...this.#messages].flatMap(([ms, { recentDocuments }]): WrittenAt[] =>
        recentDocuments === 0 ? [] : [{ ms, documents: recentDocuments }],
      ),
      hourOf: (ms) => Math.floor(clock.wallMs(ms) / HOUR_MS) % DAY_HOURS,
    };
  }

  #months(clock: ZoneClock): TableCount[] {
    const months = new Map<string, Counts>();
    const tables = new Map<string, string>();
    for (const [ms, counts] of this.#messages) {
      const month = new Date(clock.wallMs(ms)).toISOString().slice(0, "2026-11".length);
      tables.set(month, messageTable(messageTableAt(ms, clock)));
      addTo(months, month, counts);
    }
    const sorted = [...months].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([month, counts]) => ({ table: tables.get(month)!, month, ...counts }));
  }

  /**
   * Returns the clock of the server's JVM, as transform decides it. If the places of messages do not decide, the zone
   * of the dates is the best guess.
   */
  #clock(): ZoneClock {
    const { jvmZone } = this.#known.options;
    if (jvmZone !== undefined) return jvmZone;
    const verdict = verdictOf(this.#zone.evidence());
    return verdict.kind === "decided" ? clockOf(verdict.value) : decideJdbcZone(this.#known).value;
  }
}

function addTo<K>(sums: Map<K, Counts>, key: K, more: Sum & Partial<Counts>): void {
  const before = sums.get(key) ?? NONE;
  const recentDocuments = before.recentDocuments + (more.recentDocuments ?? 0);
  sums.set(key, { ...added(before, more), recentDocuments });
}

function added(one: Sum, other: Sum): Sum {
  return { documents: one.documents + other.documents, bytes: one.bytes + other.bytes };
}
