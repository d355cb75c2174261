import { FirebreakError, notCarried, type NotCarried, type NotCarriedKind } from "@firebreak/archive";

/** Faults of one statement alone: the connection can still read the next object. */
const OF_OBJECT: ReadonlySet<string> = new Set([
  "mysql-failed",
  "mysql-forbidden",
  "mysql-data",
  "mysql-read-only",
]);

/**
 * Returns the reason why one object is not in the archive: the server did not show or read it.
 *
 * @param grant the privilege that shows it to the user, for the case that the user lacks it.
 * @throws the error itself if it is about the server or the connection.
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
