import { FirebreakError } from "./errors.ts";

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
