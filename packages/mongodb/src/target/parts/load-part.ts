import {
  archiveFault,
  sha256BytesOf,
  SourceLines,
  type HugeTurn,
  type MongodbManifest,
  type PartEntry,
  type RefusedDocument,
  type SourceManifest,
  type TablePart,
} from "@firebreak/archive";
import { isSameDigest, subtractDigests, TableDigest, type PlainDigest } from "@firebreak/items";
import { inBatches, type DocumentBatch } from "../writing/document-batches.ts";
import { lineText } from "../../driver/namespaces.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { QuarantineLimit } from "@firebreak/target";
import { DocumentSender, type Destination } from "./document-sender.ts";
import { refusedFile, type QuarantinePlace } from "../quarantine/refused-file.ts";

/** The number of refused documents that are shown; the quarantine file has them all. */
const MAX_NAMED = 5;

/** The context that all parts of a load share; each worker thread gets it. */
export interface LoadSetting extends QuarantinePlace {
  /** The folder that transform wrote. */
  readonly folder: string;
  readonly manifests: { readonly source: SourceManifest; readonly made: MongodbManifest };
  readonly identities: readonly string[] | undefined;
  readonly maxDocumentBytes: number;
  /** Shared by the threads; each has its own view of it. */
  readonly hugeTurn?: HugeTurn | undefined;
}

/** A part to load, as it goes to a worker thread. */
export interface LoadTask extends Destination {
  /** The namespace in the source. */
  readonly sourceNamespace: string;
  readonly part: TablePart;
  /** True if its documents may be in already, from a run that was cut off. */
  readonly isAgain: boolean;
  /** In a delta: true if a document with the same `_id` and other bytes is replaced. */
  readonly isReplacing: boolean;
}

/** The result of loading a part. */
export interface PartOutcome {
  /** The digest of the documents that are in. */
  readonly digest: PlainDigest;
  readonly quarantine: PartEntry | undefined;
  /** The first of the documents that are not in. */
  readonly named: readonly Omit<RefusedDocument, "document">[];
}

/** The context of a part, and the memory that parts use one after the other. */
export interface PartLoading extends LoadSetting {
  readonly limit: QuarantineLimit;
  /** Two empty ones, empty again at the end of each part. */
  readonly batches: readonly [DocumentBatch, DocumentBatch];
}

/**
 * Loads one part. On success, each of its documents is in the target or in a sealed quarantine file. The
 * caller then writes the ledger entry; until then the part must be loaded again.
 *
 * @param count is called with the documents and bytes that were acknowledged or refused.
 * @throws {FirebreakError} `quarantine-full`, `part-content`, or an error that no document caused.
 */
export async function loadPart(
  target: MongodbSource,
  { limit, batches, ...setting }: PartLoading,
  task: LoadTask,
  count: (documents: number, bytes: number) => void,
): Promise<PartOutcome> {
  const { part } = task;
  const sender = new DocumentSender(target, task, setting.maxDocumentBytes, task);
  const all = new TableDigest();
  const taken = new TableDigest();
  const file = refusedFile(setting, task, part);
  const named: Omit<RefusedDocument, "document">[] = [];
  let lines: SourceLines | undefined;
  const open = { archive: setting.folder, identities: setting.identities, hugeTurn: setting.hugeTurn };
  try {
    await inBatches(open, part, batches, {
      take: (document) => all.add(sha256BytesOf(document)),
      send: async (batch, firstLine) => {
        for (const { index, errno, message, fields } of await sender.send(batch)) {
          limit.add(task.namespace, part.file, `line ${firstLine + index}: ${message}`);
          lines ??= await sourceLines(setting, task);
          const document = batch.bytes(index, index + 1);
          taken.add(sha256BytesOf(document));
          const line = firstLine + index;
          const { namespace, ...source } = lines.of(line);
          const facts = {
            collection: task.collection,
            part: part.file,
            line,
            fields: [...fields],
            errno,
            message,
            namespace,
            source,
          };
          if (named.length < MAX_NAMED) named.push(facts);
          await file.write({ ...facts, document: lineText(document) });
        }
        count(batch.documentCount, batch.bytes().length);
      },
    });
    // The proof compares the target with these sums, so they must be those of the lines.
    if (!isSameDigest(all.toPlain(), part.digest))
      throw archiveFault("part-content", {
        file: part.file,
        what: "documents",
        expected: JSON.stringify(part.digest),
        found: JSON.stringify(all.toPlain()),
      });
    const quarantine = await file.seal();
    return { digest: subtractDigests(part.digest, taken.toPlain()), quarantine, named };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function sourceLines(
  { folder, manifests, identities }: LoadSetting,
  { sourceNamespace, collection, part }: LoadTask,
): Promise<SourceLines> {
  const place = { namespace: sourceNamespace, name: collection, file: part.file };
  return SourceLines.open(folder, manifests, place, identities);
}
