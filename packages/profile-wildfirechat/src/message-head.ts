import { contentOf } from "./content.ts";
import { integerOf } from "./field-value.ts";
import type { MessageDocument } from "./message-to-row.ts";

/** `_content_type` of a message that was recalled. */
export const RECALLED = 80n;

/** What a message tells of itself to the users' rows that lack it; `target` is the pair in private chats. */
export interface MessageHead {
  readonly type: bigint;
  readonly line: bigint;
  readonly target: string;
  readonly contentType: bigint;
}

/** The head of a hybrid's document; undefined where the document does not say all of it. */
export function messageHeadOf(document: MessageDocument): MessageHead | undefined {
  const type = integerOf(document.type);
  const line = integerOf(document.line);
  const own = document.contentType ?? undefined;
  const data = document.data instanceof Uint8Array ? document.data : new Uint8Array();
  const contentType = own === undefined ? contentOf(data).type : integerOf(own);
  const { target } = document;
  if (type === undefined || line === undefined || contentType === undefined || typeof target !== "string")
    return undefined;
  return { type, line, target, contentType };
}

/** A head as text, for an index; `headOfText` reads it. */
export function headText({ type, line, target, contentType }: MessageHead): string {
  return JSON.stringify([String(type), String(line), String(contentType), target]);
}

export function headOfText(text: string): MessageHead {
  const [type, line, contentType, target] = JSON.parse(text) as [string, string, string, string];
  return { type: BigInt(type), line: BigInt(line), contentType: BigInt(contentType), target };
}
