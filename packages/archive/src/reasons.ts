/** A reason in one of our own codes, with its fields. Each language words it as a part of a sentence. */
export interface OwnReason {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The `reason` of a fault: one of our own, or the words of a server, a library or the system. */
export type Reason = OwnReason | string;

/** An error that carries a reason to the caller who knows the file or the place, and makes a fault of it. */
export class ReasonError extends Error {
  override readonly name = "ReasonError";
  readonly reason: OwnReason;

  constructor(reason: OwnReason) {
    super(`${reason.code} ${JSON.stringify(reason.fields)}`);
    this.reason = reason;
  }
}

/**
 * Makes a package's own constructor of reasons. `R` lists its codes, each with its fields, or with undefined
 * if it has none. Each language has the same type, so a code without words does not compile.
 */
export function reasonsOf<R>(): <C extends keyof R & string>(
  code: C,
  ...fields: R[C] extends undefined ? [] : [fields: Readonly<R[C]>]
) => OwnReason {
  return (code, ...[fields]) => ({ code, fields: { ...fields } });
}

/** Returns the reason in anything thrown: our own, or the words of its message. */
export function reasonOf(error: unknown): Reason {
  return error instanceof ReasonError ? error.reason : wordsOf(error);
}

/** Returns the message of an error that a server, a library or the system has thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Words for reasons: parts of sentences, without a capital at the beginning or a full stop at the end. */
export type ReasonTexts<R> = {
  readonly [C in keyof R]: R[C] extends undefined ? string : (fields: Readonly<R[C]>) => string;
};

/** The text of any code. A method's type, since the fields are those of its code, whatever they are. */
type AnyText = string | { of(fields: object): string }["of"];

/** Words a reason with the texts of a language. The words of a server stay as they are. */
export function reasonWords(texts: Readonly<Record<string, AnyText>>, reason: Reason): string {
  if (typeof reason === "string") return reason;
  const text = texts[reason.code]!;
  return typeof text === "string" ? text : text(reason.fields);
}
