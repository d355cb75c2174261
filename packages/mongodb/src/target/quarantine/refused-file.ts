import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import {
  LOAD_QUARANTINE,
  type PartEntry,
  QuarantineWriter,
  type RefusedDocument,
  safeName,
  type TablePart,
} from "@firebreak/archive";
import type { ToMongodbEvent } from "../mongodb-load-notes.ts";
import type { Destination } from "../parts/document-sender.ts";

/** The place for documents that a target refuses. */
export interface QuarantinePlace {
  readonly work: string;
  readonly server: string;
  /** The recipients of an encrypted archive; its quarantine is encrypted for them too. */
  readonly recipients: readonly string[];
}

/**
 * Makes the writer of the documents of one part that the target refused. Every change is a new file with a
 * unique name: until the ledger names this file, it names the one before. A file that no ledger names is left
 * over from a killed run.
 */
export function refusedFile(
  { work, server, recipients }: QuarantinePlace,
  { database, collection }: Pick<Destination, "database" | "collection">,
  part: Pick<TablePart, "file">,
): QuarantineWriter {
  const folder = [server, database, collection].map(safeName).join("/");
  const name = basename(part.file).replace(/\..*$/, "");
  const file = `${folder}/${name}.${randomUUID()}.ndjson.zst`;
  return new QuarantineWriter({ folder: join(work, LOAD_QUARANTINE), file, recipients });
}

/** Notes which documents of one part the target refused, and why. */
export function refusedNotes(
  namespace: string,
  part: Pick<TablePart, "file">,
  {
    named,
    quarantine,
  }: {
    readonly named: readonly Omit<RefusedDocument, "document">[];
    readonly quarantine: PartEntry | undefined;
  },
): ToMongodbEvent[] {
  if (quarantine === undefined) return [];
  const documents = named.map(({ line, errno, message, fields }) => ({ line, errno, message, fields }));
  const fields = { namespace, part: part.file, count: quarantine.lineCount, documents };
  return [{ kind: "note", code: "documents-not-taken", fields }];
}
