import type { FieldNames } from "./field-names.ts";
import type { FieldValue } from "./field-value.ts";
import { gatherer } from "../rows/gather.ts";
import type { MessageDocument } from "../rows/message-to-row.ts";
import type { UserMessageDocument } from "../rows/user-message-to-row.ts";

type Gather<Document> = (fields: Iterable<readonly [name: string, value: FieldValue]>) => Document;

export function messageGatherer({ messages }: FieldNames): Gather<MessageDocument> {
  const { ignored: _, ...names } = messages;
  return gatherer(names);
}

/** Leaves out the ObjectId, which has no meaning. */
export function userMessageGatherer({ userMessages }: FieldNames): Gather<UserMessageDocument> {
  const { ignored: _, id, ...names } = userMessages;
  return gatherer(names, [id]);
}
