import type { FieldNames } from "./field-names.ts";

export interface HybridIndex {
  readonly key: readonly (readonly [field: string, direction: 1 | -1])[];
  readonly expireAfterSeconds?: number;
}

const DAY_SECONDS = 86_400;

/** Returns the indexes of each kind of collection as the hybrid's server creates them, with a TTL in days. */
export function hybridIndexes(
  names: FieldNames,
  expireDays: number,
): Readonly<Record<"messages" | "userMessages", readonly HybridIndex[]>> {
  const { messages, userMessages } = names;
  const expireAfterSeconds = expireDays * DAY_SECONDS;
  return {
    messages: [
      {
        key: [
          [messages.type, 1],
          [messages.target, 1],
          [messages.line, 1],
        ],
      },
      { key: [[messages.dt, -1]], expireAfterSeconds },
      { key: [[messages.from, 1]] },
    ],
    userMessages: [
      {
        key: [
          [userMessages.uid, 1],
          [userMessages.seq, -1],
        ],
      },
      { key: [[userMessages.createTime, -1]], expireAfterSeconds },
    ],
  };
}
