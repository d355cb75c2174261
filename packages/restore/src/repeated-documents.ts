import { basename, join } from "node:path";
import {
  collectionOrder,
  DOCUMENT_KEY,
  keyLineOf,
  RepeatedKeys,
  TableDigest,
  type PlainDigest,
} from "@firebreak/items";
import {
  fileInArchive,
  LOAD_QUARANTINE,
  MANIFEST,
  readCollectionFile,
  QuarantineWriter,
  readLines,
  safeName,
  sha256BytesOf,
  type PartEntry,
  type RefusedDocument,
} from "@firebreak/archive";
import {
  DocumentBatch,
  DUPLICATE_KEY,
  lineText,
  putDocuments,
  putInStoredForm,
  readDocuments,
  type MongodbSource,
  type OpenArchive,
} from "@firebreak/mongodb";
import type { PlannedNamespace } from "./restore-plan.ts";

/** The most `_id`s that a report names. */
const MAX_NAMED = 10;

/** The quarantine for documents that have no place in the target. */
export interface QuarantineFolder extends OpenArchive {
  readonly work: string;
  readonly jobs: number;
  /** The recipients of an encrypted archive: its quarantine is encrypted to them too. */
  readonly recipients: readonly string[];
}

/** Documents of a collection that are in quarantine because an earlier document has the same `_id`. */
export interface SetAside {
  /** Line numbers, from 1, by the part's file. */
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
  readonly digest: PlainDigest;
  /** The number of `_id`s that occur more than once, and some of them as lines of keys. */
  readonly keyCount: number;
  readonly ids: readonly string[];
}

/** The position of a part's lines among those with the same key. */
type Roles = Map<number, "first" | "later">;

/**
 * Finds documents of an archive that have the same `_id`, puts the first into the collection in place of any
 * other, and the later ones into quarantine. A second call gives the same result.
 *
 * Such archives come from dumps of a collection that was written to meanwhile.
 *
 * @returns undefined if every `_id` occurs once.
 * @throws {FirebreakError} an error of archive or mongodb.
 */
export async function setAsideRepeated(
  folder: QuarantineFolder,
  target: MongodbSource,
  planned: PlannedNamespace,
): Promise<SetAside | undefined> {
  const { roles, ids, keyCount } = await rolesOf(folder, planned);
  if (roles.size === 0) return undefined;
  const digest = new TableDigest();
  const lines = new Map<string, Set<number>>();
  for (const [part, ofPart] of roles) {
    const later = [...ofPart].filter(([, role]) => role === "later").map(([line]) => line);
    if (later.length > 0) lines.set(part.file, new Set(later));
    await writeFirstOnes(folder, target, { planned, part, roles: ofPart, digest });
  }
  return { lines, digest: digest.toPlain(), keyCount, ids };
}

async function rolesOf(
  { archive, identities, work }: QuarantineFolder,
  { source }: PlannedNamespace,
): Promise<Pick<SetAside, "ids" | "keyCount"> & { readonly roles: ReadonlyMap<PartEntry, Roles> }> {
  const order = collectionOrder(await readCollectionFile(archive, source, identities));
  const keys = new RepeatedKeys(join(work, "repeated.partial"), order);
  const roles = new Map<PartEntry, Roles>();
  const ids: string[] = [];
  let keyCount = 0;
  const put = (index: number, line: number, role: "first" | "later"): void => {
    const part = source.parts[index]!;
    const ofPart = roles.get(part) ?? new Map<number, "first" | "later">();
    roles.set(part, ofPart.set(line, role));
  };
  try {
    for (const [index, part] of source.parts.entries()) {
      let read: { readonly keyLine: string; readonly line: number }[] = [];
      await readLines(
        fileInArchive(archive, MANIFEST, part.file),
        part,
        { identities },
        (line) => {
          // A document without `_id` gets one of its own.
          const keyLine = keyLineOf(line, DOCUMENT_KEY);
          if (keyLine !== undefined) read.push({ keyLine, line: line.number });
        },
        async () => {
          for (const { keyLine, line } of read) await keys.add(keyLine, { part: index, line });
          read = [];
        },
      );
    }
    for await (const { keyLine, first, later } of keys.repeated()) {
      keyCount++;
      put(first.part, first.line, "first");
      for (const { part, line } of later) put(part, line, "later");
      if (ids.length < MAX_NAMED) ids.push(Buffer.from(keyLine, "latin1").toString("utf8"));
    }
    return { roles, ids, keyCount };
  } finally {
    await keys.close();
  }
}

interface RepeatedPart {
  readonly planned: PlannedNamespace;
  readonly part: PartEntry;
  readonly roles: Roles;
  /** Gets the documents that are set aside. */
  readonly digest: TableDigest;
}

/** Writes the first document of each repeated `_id`, and sets the later ones aside. */
async function writeFirstOnes(
  { archive, identities, work, recipients }: QuarantineFolder,
  target: MongodbSource,
  { planned, part, roles, digest }: RepeatedPart,
): Promise<void> {
  const batch = new DocumentBatch();
  const { out } = batch.decoder;
  const file = [target.server, planned.database, planned.collection, basename(part.file)].map(safeName);
  const writer = new QuarantineWriter({
    folder: join(work, LOAD_QUARANTINE),
    file: file.join("/"),
    recipients,
  });
  const flush = async (): Promise<void> => {
    await putDocuments(target, planned, batch);
    batch.clear();
  };
  const setAside = async (document: Buffer, line: number): Promise<void> => {
    digest.add(sha256BytesOf(document));
    await writer.write(refused(planned, part, document, line));
  };
  let line = 0;
  try {
    const open = { archive, identities };
    await readDocuments(
      open,
      part,
      () => batch.decoder,
      ({ start, isSuspect }) => {
        const place = { part, line: ++line };
        const role = roles.get(line);
        if (role === "first") {
          batch.add(isSuspect, place);
          return batch.isFull ? flush() : undefined;
        }
        if (role === "later") putInStoredForm(out, start, place);
        const document = role === "later" ? Buffer.from(out.bytes.subarray(start, out.at)) : undefined;
        out.at = start;
        return document === undefined ? undefined : setAside(document, line);
      },
    );
    await flush();
    await writer.seal();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function refused(
  { collection, source }: PlannedNamespace,
  { file }: PartEntry,
  document: Buffer,
  line: number,
): RefusedDocument {
  return {
    collection,
    part: file,
    line,
    fields: ["_id"],
    errno: DUPLICATE_KEY,
    message: "an earlier document of the archive has the same _id",
    namespace: source.namespace,
    source: { part: file, line },
    document: lineText(document),
  };
}
