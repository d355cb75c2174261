import type { MessageDocument } from "../rows/gather.ts";
import { z } from "zod";
import { contentOf } from "./content.ts";
import { integerOf } from "./field-value.ts";

/** `_content_type` of a message that was recalled. */
export const RECALLED = 80n;

/** The values of a message for users' rows that lack them. In private chats `target` is the pair. */
export interface MessageHead {
  readonly type: bigint;
  readonly line: bigint;
  readonly target: string;
  readonly contentType: bigint;
}

/** Returns the head of a hybrid's document. Undefined if the document does not have all its values. */
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

const headSchema = z.tuple([z.string(), z.string(), z.string(), z.string()]);

/** Returns a head as text for an index. `headOfText` parses it. */
export function headText({ type, line, target, contentType }: MessageHead): string {
  return JSON.stringify([String(type), String(line), String(contentType), target]);
}

export function headOfText(text: string): MessageHead {
  const [type, line, contentType, target] = headSchema.parse(JSON.parse(text));
  return { type: BigInt(type), line: BigInt(line), contentType: BigInt(contentType), target };
}
