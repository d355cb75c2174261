import { FirebreakError } from "@firebreak/archive";
import type { ExportProgress } from "../export-progress.ts";

/**
 * Notes that a table cannot be read: the archive will have none of it, but all other tables.
 *
 * @throws the error itself if it concerns anything but one table.
 */
export async function noteUnread(progress: ExportProgress, error: unknown): Promise<void> {
  if (!isUnreadable(error)) throw error;
  const namespace = String(error.fields["namespace"]);
  const plan = progress.plan(namespace);
  if (plan === undefined) throw error;
  if (progress.isUnread(namespace)) return;
  const { database, collection: name } = plan;
  const reason = String(error.fields["reason"]);
  await progress.add({ kind: "unread", table: { namespace, database, name, reason } });
}

/** Returns true if the fault says that a table cannot be read to its end. */
export function isUnreadable(error: unknown): error is FirebreakError {
  return error instanceof FirebreakError && error.code === "table-unreadable";
}
