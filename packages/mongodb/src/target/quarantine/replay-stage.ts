import { rm } from "node:fs/promises";
import { join } from "node:path";
import { addDigests, TableDigest } from "@firebreak/items";
import {
  exists,
  LOAD_QUARANTINE,
  readRefusedDocuments,
  sha256BytesOf,
  type PartEntry,
  type RefusedDocument,
} from "@firebreak/archive";
import { DocumentBatch } from "../writing/document-batches.ts";
import type { LoadedPart } from "../ledger/ledger-entry.ts";
import { writeLoadedPart, writeLoadState } from "../ledger/load-ledger.ts";
import type { QuarantineLimit, LoadStage } from "@firebreak/target";
import type { ToMongodbNotes } from "../mongodb-load-notes.ts";
import type { DonePart, PlannedCollection } from "../collection-plan.ts";
import { DocumentSender } from "../parts/document-sender.ts";
import type { PartOutcome } from "../parts/load-part.ts";
import type { Done, LoadRun } from "../load-run.ts";
import { refusedFile, refusedNotes } from "./refused-file.ts";
import { toMongodbFault } from "../to-mongodb-faults.ts";

/** The number of refused documents that are shown. */
const MAX_NAMED = 5;

/**
 * Returns the stage that loads documents which were refused before, part by part. Documents that are refused again stay in
 * quarantine, with the new reason. Any load completes a replay that was cut off.
 *
 * @throws {FirebreakError} `replay-documents-missing` before the first part, if a quarantine is not here.
 */
export async function replayStage(
  run: LoadRun,
  limit: QuarantineLimit,
  done: Done,
): Promise<LoadStage<ToMongodbNotes>> {
  const todo = [...done].flatMap(([planned, parts]) =>
    parts.flatMap((part) => {
      const { quarantine, isReplaying } = part.ledger;
      const isDue = quarantine !== undefined && (run.options.isReplay || isReplaying === true);
      return isDue ? [{ planned, parts, part, quarantine }] : [];
    }),
  );
  for (const { planned, part, quarantine } of todo) {
    const file = join(run.setting.work, LOAD_QUARANTINE, quarantine.file);
    const fields = { namespace: planned.namespace, part: part.part.file, count: quarantine.lineCount, file };
    if (!(await exists(file))) throw toMongodbFault("replay-documents-missing", fields);
  }
  let items = 0;
  return {
    stage: "replay",
    jobs: 1,
    totalItems: todo.reduce((sum, t) => sum + t.quarantine.lineCount, 0),
    parts: todo.map(({ planned, parts, part, quarantine }) => async () => {
      run.assertHeld();
      const { ledger, named } = await replayPart(run, limit, planned, part, quarantine);
      parts[parts.indexOf(part)] = { part: part.part, ledger };
      items += quarantine.lineCount;
      return refusedNotes(planned.namespace, part.part, { named, quarantine: ledger.quarantine });
    }),
    progress: () => ({ items, bytes: 0 }),
  };
}

async function replayPart(
  { target, setting, assertHeld }: LoadRun,
  limit: QuarantineLimit,
  planned: PlannedCollection,
  { part, ledger }: DonePart,
  entry: PartEntry,
): Promise<{ readonly ledger: LoadedPart } & Pick<PartOutcome, "named">> {
  const { database, collection, contentSha256, chain } = planned;
  const folder = join(setting.work, LOAD_QUARANTINE);
  const isAgain = ledger.isReplaying === true;
  // Both come before the first document: until it is proved again, the collection must not count as proved.
  await writeLoadState(target, database, { collection, contentSha256, chain, state: "begun" });
  await writeLoadedPart(target, database, { ...ledger, isReplaying: true });
  const sender = new DocumentSender(target, planned, setting.maxDocumentBytes, {
    isAgain,
    isReplacing: false,
  });
  const file = refusedFile(setting, planned, part);
  const loaded = new TableDigest();
  const named: Omit<RefusedDocument, "document">[] = [];
  limit.take(entry.lineCount);
  const send = async (batch: DocumentBatch, asked: readonly RefusedDocument[]): Promise<void> => {
    const refused = new Map((await sender.send(batch)).map((r) => [r.index, r]));
    for (const [index, before] of asked.entries()) {
      const refusal = refused.get(index);
      if (refusal === undefined) {
        loaded.add(sha256BytesOf(batch.bytes(index, index + 1)));
        continue;
      }
      const { errno, message, fields } = refusal;
      limit.add(planned.namespace, part.file, `line ${before.line}: ${message}`);
      const { document, ...facts } = { ...before, errno, message, fields: [...fields] };
      if (named.length < MAX_NAMED) named.push(facts);
      await file.write({ ...facts, document });
    }
  };
  try {
    await inBatchesOf(readRefusedDocuments(folder, entry, setting.identities), send);
    const quarantine = await file.seal();
    const { quarantine: _, isReplaying: __, ...rest } = ledger;
    const digest = addDigests(ledger.digest, loaded.toPlain());
    const changed: LoadedPart = { ...rest, digest, ...(quarantine === undefined ? {} : { quarantine }) };
    assertHeld();
    await writeLoadedPart(target, database, changed);
    await rm(join(folder, entry.file), { force: true });
    return { ledger: changed, named };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function inBatchesOf(
  documents: AsyncIterable<RefusedDocument>,
  send: (batch: DocumentBatch, asked: readonly RefusedDocument[]) => Promise<void>,
): Promise<void> {
  const batch = new DocumentBatch();
  let asked: RefusedDocument[] = [];
  const flush = async (): Promise<void> => {
    await send(batch, asked);
    batch.clear();
    asked = [];
  };
  for await (const document of documents) {
    const line = Buffer.from(document.document, "utf8");
    batch.decoder.decode(line, 0, line.length);
    batch.add(true);
    asked.push(document);
    if (batch.isFull) await flush();
  }
  if (asked.length > 0) await flush();
}
