import {
  CANDIDATE_ZONES,
  jdbcZoneCounter,
  jvmZoneCounter,
  privateFormCounter,
  sessionZoneCounter,
} from "../settings/detect.ts";
import type { Evidence } from "../settings/evidence.ts";
import { isInt64 } from "../documents/message-id.ts";
import { serverTable } from "./server-tables.ts";
import type { ChatTargetFacts } from "./target-facts.ts";

type Row = Readonly<Record<string, string | null>>;

/** Columns that decide a setting if no row does: the width of `_target` shows the form of private chats. */
export const DECIDING_COLUMNS: ReadonlySet<string> = new Set(["_target"]);

const MESSAGE_SAMPLE = { by: "_mid", columns: ["_mid", "_from", "_type", "_target", "_dt"] } as const;
const USER_MESSAGE_SAMPLE = { by: "id", columns: ["_mid", "_dt"] } as const;

/** The type of private chats in `t_messages._type`. */
const PRIVATE = "0";

/**
 * Returns the columns to sample of a table's rows, and the column to order them by. The first and the last
 * messages by id are nearest to the borders of the table's month, so they show the JVM's zone.
 */
export function sampleOf(
  table: string,
): { readonly by: string; readonly columns: readonly string[] } | undefined {
  const { kind } = serverTable(table);
  if (kind === "messages") return MESSAGE_SAMPLE;
  return kind === "userMessages" ? USER_MESSAGE_SAMPLE : undefined;
}

/** Samples rows of a target, as text, for the form of its private chats and for its zones. */
export class SampledTarget {
  readonly #jvm;
  readonly #jdbc;
  readonly #session;
  readonly #forms = privateFormCounter();
  #newestMid: bigint | undefined;

  /** @param zones zones to try besides the usual ones. */
  constructor(zones: readonly string[]) {
    const candidates = [...new Set([...zones, ...CANDIDATE_ZONES])];
    this.#jvm = jvmZoneCounter(candidates);
    this.#jdbc = jdbcZoneCounter(candidates);
    this.#session = sessionZoneCounter(candidates);
  }

  add(table: string, { _mid, _from, _type, _target, _dt }: Row): void {
    const server = serverTable(table);
    if (server.kind === "other" || !/^-?\d+$/.test(_mid ?? "")) return;
    const id = BigInt(_mid!);
    const wallMs = Date.parse(`${(_dt ?? "").replace(" ", "T")}Z`);
    if (!isInt64(id)) return;
    if (server.kind === "userMessages") {
      if (!Number.isNaN(wallMs)) this.#session.add({ id, wallMs });
      return;
    }
    if (this.#newestMid === undefined || id > this.#newestMid) this.#newestMid = id;
    this.#jvm.add({ id, shard: server.shard });
    if (!Number.isNaN(wallMs)) this.#jdbc.add({ id, wallMs });
    if (_type === PRIVATE) this.#forms.add({ from: _from ?? "", target: _target ?? "" });
  }

  answers(): Pick<ChatTargetFacts, "privateTargets" | "evidence" | "newestMid"> {
    const counts = new Map(this.#forms.evidence().candidates.map((c) => [c.candidate, c.agreeCount]));
    return {
      privateTargets: { plain: counts.get("plain") ?? 0, pair: counts.get("pair") ?? 0 },
      evidence: {
        jvm: listed(this.#jvm.evidence()),
        jdbc: listed(this.#jdbc.evidence()),
        session: listed(this.#session.evidence()),
      },
      ...(this.#newestMid === undefined ? {} : { newestMid: String(this.#newestMid) }),
    };
  }
}

function listed({
  candidates,
  telling,
  ...counts
}: Evidence): NonNullable<ChatTargetFacts["evidence"]["jvm"]> {
  return { ...counts, candidates: [...candidates], telling: [...telling] };
}
