import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  collectOften,
  diskFault,
  eachPart,
  exists,
  FirebreakError,
  killPoint,
  sourceDirectory,
  syncFolder,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";
import type { ChainNamespace } from "@firebreak/items";
import { exportedNamespaces } from "../complete-archive.ts";
import type { DeltaContents, DeltaTarget } from "../delta/delta-source.ts";
import type { ExportOptions } from "../export-options.ts";
import type { ClosedExport, ExportProgress } from "../export-progress.ts";
import type { ExportProtection } from "../export-protection.ts";
import type { ExportSource } from "../export-source.ts";
import { makeFolder } from "../mongodb/plan-collection.ts";
import type { ExportEvent } from "../export-notes.ts";
import { foldChanges } from "./fold-changes.ts";
import { UNTOLD, type NotOneMoment } from "./not-one-moment.ts";

/** The folder for changes made while the export ran, and for parts that are not in place yet. */
const FOLDER = "export-closing.partial";

/**
 * Merges the changes that the source made while the export ran into what was read, so that everything is as
 * it was at one moment. If it is killed, it starts again. Once `progress` says that it is closed, only the
 * files still have to be put in place.
 *
 * If this is not possible, what was read stays as it is, and a note says why.
 *
 * @throws {FirebreakError} of archive or mongodb.
 */
export async function* closeAtOneMoment(
  source: ExportSource,
  options: ExportOptions,
  progress: ExportProgress,
  { encryption, identities }: ExportProtection,
): AsyncGenerator<ExportEvent> {
  const since = progress.watermark;
  if (source.changes === undefined || since === undefined) return;
  const left = (why: NotOneMoment): ExportEvent => ({
    kind: "note",
    code: "export-not-one-moment",
    fields: { place: source.place, why },
  });
  if (identities === undefined) {
    yield left("encrypted");
    return;
  }
  collectOften();
  const folder = join(options.archive, FOLDER);
  await rm(folder, { recursive: true, force: true });
  const scratch = join(folder, "scratch");
  await makeFolder(scratch);
  const read = exportedNamespaces(progress);
  const target: DeltaTarget = {
    archive: folder,
    encryption,
    chain: [],
    known: new Map(read.map((entry) => [entry.namespace, asRead(options.archive, entry)])),
    filter: { include: options.include, exclude: options.exclude },
    identities,
    partBytes: options.partMib * 1024 * 1024,
    scratch,
    jobs: options.jobs,
    giveUpAfterMs: options.giveUpAfterMs,
  };
  try {
    const changes = await source.changes(since);
    const contents = yield* withoutNotes(changes.write(target));
    killPoint("changes-written");
    if (contents.consistency === "snapshot") {
      const closed = yield* fold(contents, target, read, progress, options.archive);
      await progress.add({ kind: "closed", closed });
      killPoint("export-closed");
      return;
    }
    yield left("moving");
  } catch (error) {
    const why = error instanceof FirebreakError ? UNTOLD.find((code) => code === error.code) : undefined;
    if (why === undefined) throw error;
    yield left(why);
  }
  await rm(folder, { recursive: true, force: true });
}

/** Moves the files to their place that are not there yet. */
export async function putInPlace(archive: string, { moves }: ClosedExport): Promise<void> {
  const folders = new Set<string>();
  for (const { from, to } of moves) {
    const file = join(archive, from);
    await makeFolder(dirname(join(archive, to)));
    folders.add(dirname(join(archive, to)));
    if (await exists(file))
      await rename(file, join(archive, to)).catch((error: unknown) => {
        throw diskFault(error, to);
      });
    killPoint("file-in-place");
  }
  for (const folder of folders) await syncFolder(folder);
  killPoint("files-in-place");
  await rm(join(archive, FOLDER), { recursive: true, force: true });
}

function asRead(folder: string, entry: SourceNamespace): ChainNamespace {
  const last = { folder, entry };
  return { listings: [last], last };
}

/** Omits the notes: they speak of a delta, and the user asked for none. */
async function* withoutNotes(
  steps: AsyncGenerator<ExportEvent, DeltaContents>,
): AsyncGenerator<ExportEvent, DeltaContents> {
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return step.value;
    if (step.value.kind !== "note") yield step.value;
  }
}

async function* fold(
  { namespaces: changes, watermark }: DeltaContents,
  { archive: folder, encryption, known, identities, partBytes, scratch }: DeltaTarget,
  read: readonly SourceNamespace[],
  progress: ExportProgress,
  archive: string,
): AsyncGenerator<ExportEvent, ClosedExport> {
  const namespaces = new Map(read.map((n) => [n.namespace, n]));
  const moves: { from: string; to: string }[] = [];
  const place = <E extends { readonly file: string }>(file: string, entry: E, directory: string): E => {
    const to = `${directory}/${basename(entry.file)}`;
    moves.push({ from: `${FOLDER}/${file}`, to });
    return { ...entry, file: to };
  };
  const counted = { lines: 0, bytes: 0 };
  const out = join(folder, "merged");
  const take = async (change: SourceNamespace, index: number): Promise<void> => {
    const { namespace } = change;
    if (change.change === "dropped") {
      namespaces.delete(namespace);
      return;
    }
    const before = known.get(namespace)?.last.entry;
    const directory = before?.directory ?? sourceDirectory(encryption, change, read.length + index);
    const { change: how, deletes, expired, ...entry } = change;
    const metadata = place(entry.metadata.file, entry.metadata, directory);
    let parts: readonly PartEntry[];
    if (how === "whole") parts = entry.parts.map((part) => place(part.file, part, directory));
    else if (entry.parts.length + (deletes ?? []).length + (expired ?? []).length === 0)
      parts = before!.parts;
    else {
      await makeFolder(join(out, directory));
      const folded = await foldChanges({
        read: { folder: archive, entry: before! },
        changed: { folder, entry: change },
        recipients: encryption?.recipients ?? [],
        count: (lines, bytes) => {
          counted.lines += lines;
          counted.bytes += bytes;
        },
        progress,
        out,
        scratch: join(scratch, "fold"),
        identities,
        partBytes,
      });
      for (const part of folded.fresh) place(`merged/${part.file}`, part, directory);
      parts = folded.parts;
    }
    const lineCount = parts.reduce((sum, p) => sum + p.lineCount, 0);
    namespaces.set(namespace, {
      ...entry,
      directory,
      metadata,
      parts: [...parts],
      lineCount,
      documentCount: lineCount,
    });
  };
  for await (const _ of eachPart(changes.entries(), 1, ([index, change]) => take(change, index))) {
    killPoint("changes-folded");
    yield { kind: "progress", stage: "fold", items: counted.lines, bytes: counted.bytes };
  }
  const sorted = [...namespaces.values()].sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  return { watermark: watermark!, namespaces: sorted, moves };
}
