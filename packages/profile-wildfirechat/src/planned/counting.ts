import type { Counting } from "@firebreak/profile";
import type { FieldNames } from "../documents/field-names.ts";
import { firstMessageId, ID_EPOCH_MS } from "../documents/message-id.ts";

/** Offsets of zones are multiples of it, and so is the instant at which ids begin. */
export const QUARTER_MS = 900_000;

/** The ids of a millisecond. */
const IDS_OF_MS = Number(firstMessageId(ID_EPOCH_MS + 1));

/**
 * Returns how MongoDB counts messages: by the quarter of an hour of their id, from the ids' epoch on. An id that is
 * no integer gives null.
 */
export function messageCounting({ messages }: FieldNames): Counting | undefined {
  const id = pathOf(messages.id);
  if (id === undefined) return undefined;
  // Without its low bits an id is exact as a double, and so is the quotient's whole part.
  const whole = { $subtract: [id, { $mod: [id, IDS_OF_MS] }] };
  const quarter = { $floor: { $divide: [whole, IDS_OF_MS * QUARTER_MS] } };
  const isInteger = {
    $and: [{ $lte: [{ $abs: id }, Number.MAX_SAFE_INTEGER] }, { $eq: [id, { $trunc: id }] }],
  };
  const ofDouble = { $cond: [isInteger, quarter, null] };
  const otherwise = { $cond: [{ $eq: [{ $type: id }, "double"] }, ofDouble, null] };
  const groupBy = { $cond: [{ $in: [{ $type: id }, ["int", "long"]] }, quarter, otherwise] };
  return {
    groupBy,
    between: (fromMs, untilMs) => ({
      [messages.id]: { $gte: firstMessageId(fromMs), $lt: firstMessageId(untilMs) },
    }),
  };
}

/** Returns how MongoDB counts users' documents: by the user. */
export function userMessageCounting({ userMessages }: FieldNames): Counting | undefined {
  const groupBy = pathOf(userMessages.uid);
  if (groupBy === undefined) return undefined;
  return {
    groupBy,
    between: (fromMs, untilMs) => ({
      [userMessages.createTime]: { $gte: new Date(fromMs), $lt: new Date(untilMs) },
    }),
  };
}

/** Returns the instant at which a group of messages begins. Undefined for ids that are none. */
export function startOf(key: unknown): number | undefined {
  return typeof key === "number" && Number.isFinite(key) ? ID_EPOCH_MS + key * QUARTER_MS : undefined;
}

/** Returns the expression of a field. An expression cannot name fields with a dot or a dollar. */
function pathOf(name: string): string | undefined {
  return /[.$]/.test(name) ? undefined : `$${name}`;
}
