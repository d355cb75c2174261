import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  diskFault,
  sourceDirectory,
  writeSmallFile,
  type Encryption,
  type SourceNamespace,
} from "@firebreak/archive";
import type { CollectionPlan, ExportProgress, RangeSize } from "../export-progress.ts";

/** The archive to write, and its encryption. */
export interface Destination {
  readonly archive: string;
  readonly encryption: Encryption | undefined;
}

/** Creates a collection's folder with its metadata, and logs its plan. */
export async function planCollection(
  { archive, encryption }: Destination,
  source: Pick<SourceNamespace, "namespace" | "database" | "collection" | "kind" | "hasMemberNumbers">,
  metadataText: string,
  progress: ExportProgress,
  ranges?: RangeSize,
): Promise<CollectionPlan> {
  const { namespace, database, collection, kind, hasMemberNumbers } = source;
  const directory = sourceDirectory(encryption, source, progress.plans.length);
  await makeFolder(join(archive, directory));
  const plan = {
    namespace,
    database,
    collection,
    kind,
    directory,
    metadata: await writeSmallFile(
      archive,
      `${directory}/collection.json`,
      metadataText,
      encryption?.recipients,
    ),
    ...(hasMemberNumbers === undefined ? {} : { hasMemberNumbers }),
    ...(ranges === undefined ? {} : { ranges }),
  };
  await progress.add({ kind: "collection", plan });
  return plan;
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
}
