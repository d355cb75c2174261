import { join } from "node:path";
import { FolderLock, readSourceManifest, type StepEvent, type DatabaseKind } from "@firebreak/archive";
import { madeChain } from "../delta/made-chain.ts";
import { makeFolder } from "../collections/mongodb-folder.ts";
import { emptyFolder, LOCK } from "../transform.ts";
import { differingCollections } from "./differing-collections.ts";
import { differingTables } from "./differing-tables.ts";
import type { DifferenceTask } from "./difference-task.ts";

export interface DeltaOfWholeOptions {
  /** The folder of the delta. */
  readonly archive: string;
  readonly previous?: string | undefined;
  readonly to: DatabaseKind;
  /** The transform of the whole chain that ends with the delta, for that target. */
  readonly whole: string;
  /** The delta's own `mysql/` or `mongodb/`. */
  readonly folder: string;
  readonly version: string;
  readonly identities?: readonly string[] | undefined;
}

/**
 * Makes a delta's output from two whole transforms: that of the links before it, and that of the whole chain.
 * Mappings that look beyond one document (duplicates, messages that refer to others, time zones that rows
 * reveal) thus need not know of deltas. The accounts are those of the whole chain.
 *
 * @throws {FirebreakError} a fault of transform or archive.
 */
export async function* deltaOfWhole(options: DeltaOfWholeOptions): AsyncGenerator<StepEvent> {
  const startedAt = new Date().toISOString();
  const { archive, previous, to, whole, folder, version, identities = [] } = options;
  const source = await readSourceManifest(archive, identities);
  const { delta } = source.manifest;
  if (delta === undefined) throw new Error("a full archive is no delta");
  await makeFolder(folder);
  const lock = await FolderLock.take(join(folder, LOCK));
  try {
    await emptyFolder(folder);
    const { chainSha256, number } = delta;
    const task = (baseSha256: string): DifferenceTask => ({
      whole,
      folder,
      keys: { identities, recipients: source.encryption?.recipients ?? [] },
      encryption: source.encryption,
      sourceManifestSha256: source.sha256,
      delta: { baseSha256, chainSha256, number },
      startedAt,
      version,
    });
    const differing = async function* (): AsyncGenerator<StepEvent> {
      if (to === "mysql") {
        const chain = await madeChain(to, archive, previous, identities);
        yield* differingTables(task(chain.baseSha256), chain);
      } else {
        const chain = await madeChain(to, archive, previous, identities);
        yield* differingCollections(task(chain.baseSha256), chain);
      }
    };
    for await (const event of differing()) {
      lock.assertHeld();
      yield event;
    }
  } finally {
    await lock.release();
  }
}
