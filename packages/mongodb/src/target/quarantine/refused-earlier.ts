import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, LineDecoder, LOAD_QUARANTINE, readRefusedDocuments } from "@firebreak/archive";
import { keysFolder, SupersedingKeys } from "@firebreak/items";
import { documentOf } from "../../definitions/definition.ts";
import { idOf } from "../../driver/bson-map.ts";
import { readDocuments } from "../../source/read-documents.ts";
import type { LoadedPart } from "../ledger/ledger-entry.ts";
import { writeLoadedPart } from "../ledger/load-ledger.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { CollectionWork, DonePart, PlannedCollection } from "../collection-plan.ts";
import type { LoadSetting } from "../parts/load-part.ts";
import { refusedFile } from "./refused-file.ts";
import { toMongodbFault } from "../to-mongodb-faults.ts";

/**
 * Checks that the documents which earlier loads of a delta's chain refused are known.
 *
 * @throws {FirebreakError} `delta-documents-missing` if a quarantine is not here.
 */
export async function findRefused(
  { work: folder }: Pick<LoadSetting, "work">,
  work: readonly CollectionWork[],
): Promise<void> {
  for (const { planned, earlier } of work)
    for (const { part, ledger } of earlier) {
      const { file, lineCount: count } = ledger.quarantine!;
      const path = join(folder, LOAD_QUARANTINE, file);
      if (await exists(path)) continue;
      const fields = { namespace: planned.namespace, part: part.file, count, file: path };
      throw toMongodbFault("delta-documents-missing", fields);
    }
}

/**
 * Removes documents that a delta has replaced or deleted from the quarantine of earlier links: they must not
 * be loaded any more. A repeated run finds nothing to do.
 *
 * @returns the rest of each part's quarantine.
 */
export async function supersedeRefused(
  target: MongodbSource,
  setting: LoadSetting,
  planned: PlannedCollection,
  earlier: readonly DonePart[],
): Promise<DonePart[]> {
  if (earlier.length === 0) return [];
  const { folder, identities } = setting;
  const decoder = new LineDecoder();
  const keys = await SupersedingKeys.gather(keysFolder(setting.work), async (add) => {
    for (const part of planned.source.keys ?? [])
      await readDocuments(
        { archive: folder, identities },
        part,
        () => decoder,
        ({ start, end }) => {
          const id = idOf(decoder.out.bytes.subarray(start, end));
          decoder.out.clear();
          return add(id, 1);
        },
      );
  });
  const left: DonePart[] = [];
  try {
    for (const { part, ledger } of earlier) {
      const changed = await withoutSuperseded(target, setting, { planned, part, ledger, keys });
      if (changed.quarantine !== undefined) left.push({ part, ledger: changed });
    }
    return left;
  } finally {
    await keys.close();
  }
}

async function withoutSuperseded(
  target: MongodbSource,
  setting: LoadSetting,
  {
    planned,
    part,
    ledger,
    keys,
  }: DonePart & { readonly planned: PlannedCollection; readonly keys: SupersedingKeys },
): Promise<LoadedPart> {
  const folder = join(setting.work, LOAD_QUARANTINE);
  const { quarantine: old, ...rest } = ledger;
  const file = refusedFile(setting, planned, part);
  let leftCount = 0;
  try {
    for await (const document of readRefusedDocuments(folder, old!, setting.identities)) {
      if (keys.isSuperseded(idOf(documentOf(document.document)), 0)) continue;
      await file.write(document);
      leftCount++;
    }
    if (leftCount === old!.lineCount) {
      await file.abandon();
      return ledger;
    }
    const quarantine = await file.seal();
    const changed: LoadedPart = { ...rest, ...(quarantine === undefined ? {} : { quarantine }) };
    await writeLoadedPart(target, planned.database, changed);
    await rm(join(folder, old!.file), { force: true });
    return changed;
  } catch (error) {
    await file.abandon();
    throw error;
  }
}
