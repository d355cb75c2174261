import { isWrapped, WRAPPERS, type Kind } from "./kinds.ts";

/** How a field begins and ends whose name and kind are known, in byte text. */
export interface FieldStart {
  readonly name: string;
  readonly kind: Kind;
  /** From the name's opening quote to where the content begins. */
  readonly start: string;
  /** Units from the name's opening quote to the value. */
  readonly valueAt: number;
  /** From the quote that ends the content to the end of the value; empty where no content can be told by its quote. */
  readonly end: string;
  /** The content must be that of 16 bytes. */
  readonly isUuid: boolean;
}

/** @param quotedName the name with its quotes as it stands in the line. */
export function fieldStart(name: string, quotedName: string, kind: Kind): FieldStart {
  const head = `${quotedName}:`;
  const valueAt = head.length;
  const isUuid = kind === "uuid" || kind === "uuidLegacy";
  if (kind === "string") return { name, kind, start: `${head}"`, valueAt, end: '"', isUuid };
  if (!isWrapped(kind)) return { name, kind, start: head, valueAt, end: "", isUuid };
  return { name, kind, start: head + WRAPPERS[kind].start, valueAt, end: WRAPPERS[kind].end, isUuid };
}
