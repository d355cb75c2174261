import type { MongodbSource } from "@firebreak/mongodb";
import type { Note } from "../export-notes.ts";

/**
 * Notes that the export reads all databases although the URL names one. Other tools read only the database of
 * the URL, but `admin` is nearly always there for the login alone.
 */
export function namesAdminNotes({ namesAdmin, server }: MongodbSource): Note[] {
  return namesAdmin ? [{ kind: "note", code: "url-names-admin", fields: { server } }] : [];
}
