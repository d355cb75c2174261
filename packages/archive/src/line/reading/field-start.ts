import { isWrapped, WRAPPERS, type Kind } from "../kinds.ts";

/** The fixed texts around the content of a field with a known name and kind, in byte text. */
export interface FieldStart {
  readonly name: string;
  readonly kind: Kind;
  /** The text from the name's opening quote to the start of the content. */
  readonly start: string;
  /** The number of units from the name's opening quote to the value. */
  readonly valueAt: number;
  /**
   * The text from the quote that ends the content to the end of the value. Empty if no quote ends the
   * content.
   */
  readonly end: string;
  /** True if the content must be that of 16 bytes. */
  readonly isUuid: boolean;
}

/** @param quotedName the name with its quotes, spelled as in the line. */
export function fieldStart(name: string, quotedName: string, kind: Kind): FieldStart {
  const head = `${quotedName}:`;
  const valueAt = head.length;
  const isUuid = kind === "uuid" || kind === "uuidLegacy";
  if (kind === "string") return { name, kind, start: `${head}"`, valueAt, end: '"', isUuid };
  if (!isWrapped(kind)) return { name, kind, start: head, valueAt, end: "", isUuid };
  return { name, kind, start: head + WRAPPERS[kind].start, valueAt, end: WRAPPERS[kind].end, isUuid };
}
