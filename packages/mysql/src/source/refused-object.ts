import { FirebreakError, notCarried, type NotCarried, type NotCarriedKind } from "@firebreak/archive";

/** Faults that are about the statement alone: the connection is good for the next object. */
const OF_OBJECT: ReadonlySet<string> = new Set([
  "mysql-failed",
  "mysql-forbidden",
  "mysql-data",
  "mysql-read-only",
]);

/**
 * Returns why one object is not in the archive, which the server did not show or read.
 *
 * @param grant shows it to the user, if that is what is lacking.
 * @throws the error itself where it is about the server or the connection.
 */
export function refusedObject(
  { kind, name }: { readonly kind: NotCarriedKind; readonly name: string },
  grant: string,
  error: unknown,
): NotCarried {
  if (!(error instanceof FirebreakError) || !OF_OBJECT.has(error.code)) throw error;
  if (error.code === "mysql-forbidden") return notCarried(kind, name, "forbidden", grant);
  return notCarried(kind, name, "server-refused", String(error.fields["reason"]));
}
