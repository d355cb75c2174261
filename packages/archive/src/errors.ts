/**
 * The exit code of the process; the meanings are part of the command-line contract.
 *
 * 1 unexpected · 2 usage or settings · 3 done, with quarantine · 4 differences · 5 archive damaged or
 * incomplete · 6 refused before anything was written · 7 a database, network or disk gave out · 130
 * interrupted
 */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 130;

/**
 * The one error that a person is meant to see. It carries a code and data, no prose. The sentence and its
 * remedy are among the cli's messages, which have a folder for each language.
 */
export class FirebreakError extends Error {
  override readonly name = "FirebreakError";
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, exitCode: ExitCode, fields: object, cause?: unknown) {
    super(`${code} ${JSON.stringify(fields)}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = exitCode;
    this.fields = { ...fields };
  }

  /** Returns the error as plain data, the form in which it crosses from a worker thread. */
  toPlain(): PlainFault {
    return { code: this.code, exitCode: this.exitCode, fields: this.fields };
  }
}

export interface PlainFault {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A finding out of a table that lists each kind of finding with its fields. */
export type FindingOf<F> = { [W in keyof F]: { readonly what: W } & Readonly<F[W]> }[keyof F];

type FaultFields<F> = { readonly [C in keyof F]: object };

/**
 * Makes a package's own constructor of errors from its table of codes.
 *
 * The table's type lists each code with its fields. Each language has the same type, so a code without
 * a sentence does not compile.
 */
export function faultOf<F extends FaultFields<F>>(exitCodes: {
  readonly [C in keyof F]: ExitCode;
}): <C extends keyof F & string>(code: C, fields: F[C], cause?: unknown) => FirebreakError {
  return (code, fields, cause) => new FirebreakError(code, exitCodes[code], fields, cause);
}

/**
 * Runs work on one table, collection or other object. If a server's fault comes out of it and names no object
 * yet, the fault names this one.
 */
export async function about<R>(object: string, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw faultAbout(error, object);
  }
}

/**
 * Returns a thrown error with the object in its field `object`, if it has such a field and that is undefined.
 */
export function faultAbout(error: unknown, object: string): unknown {
  if (!(error instanceof FirebreakError)) return error;
  const { code, exitCode, fields, cause } = error;
  return "object" in fields && fields["object"] === undefined
    ? new FirebreakError(code, exitCode, { ...fields, object }, cause)
    : error;
}
