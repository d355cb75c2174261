/** 2026-01-01 00:00 in Asia/Shanghai, whose messages are in `t_messages_12`; in UTC it is still December. */
const MONTH_MS = Date.UTC(2025, 11, 31, 16);
const EPOCH_MS = 1_514_736_000_000;

/** The cells of a row, by column. */
export type ChatRow = Readonly<Record<string, bigint | number | string | Uint8Array | null>>;

/** A message every minute from the first of the month on: in the first 480 rows the zones differ. */
export function messageRow(n: number, bodyBytes = 40): ChatRow {
  const ms = MONTH_MS + n * 60_000;
  return {
    _mid: messageId(n),
    _from: `user${n % 7}`,
    _type: n % 2,
    _target: `user${(n + 1) % 7}`,
    _line: 0,
    _data: Buffer.concat([Buffer.of(0x08, 0x01), Buffer.alloc(bodyBytes, n % 256)]),
    _searchable_key: n % 3 === 0 ? null : `message "${n}" 😀`,
    _dt: wall(ms, 8),
    _content_type: n % 90,
    _to: "",
  };
}

/** An entry of a user's timeline, dated in UTC. */
export function userMessageRow(n: number): ChatRow {
  return {
    _seq: BigInt(n + 1),
    _mid: messageId(n),
    _uid: `user${n % 7}`,
    _dt: wall(MONTH_MS + n * 60_000, 0),
    _line: 0,
    _type: n % 2,
    _target: `user${n % 7}|user${(n + 1) % 7}`,
    _directing: n % 2,
    _cont_type: n % 90,
  };
}

export function messageId(n: number): bigint {
  return (BigInt(MONTH_MS + n * 60_000 - EPOCH_MS) << 21n) | 5n;
}

function wall(ms: number, hours: number): string {
  return new Date(ms + hours * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
}
