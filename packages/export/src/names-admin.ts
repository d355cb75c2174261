import type { MongodbSource } from "@firebreak/mongodb";
import type { Note } from "./export-source.ts";

/**
 * Says that all databases are looked at although the URL names one: other tools take it for the one to read,
 * and `admin` is nearly always that of the login alone.
 */
export function namesAdminNotes({ namesAdmin, server }: MongodbSource): Note[] {
  return namesAdmin ? [{ kind: "note", code: "url-names-admin", fields: { server } }] : [];
}
