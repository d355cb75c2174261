import { join } from "node:path";
import { collectOften, FolderLock, readSourceManifest } from "@firebreak/archive";
import { LocalStages } from "@firebreak/workers";
import { makeFolder } from "../collections/mongodb-folder.ts";
import { madeChain } from "../delta/made-chain.ts";
import { runnerFor } from "../lines/stage-work.ts";
import { emptyFolder, LOCK, type TransformOptions } from "../transform.ts";
import { transformFault } from "../transform-faults.ts";
import { NeedsWhole, type TransformEvent, type WholeReason } from "../transform-notes.ts";
import { AFFECTED_COLLECTIONS, AFFECTED_TABLES } from "./affected-targets.ts";
import { transformAffected } from "./transform-affected.ts";

export type ProfiledDeltaOptions = Omit<
  TransformOptions,
  "profile" | "to" | "targetFacts" | "keepsExpired"
> & {
  readonly profile: NonNullable<TransformOptions["profile"]>;
  readonly to: NonNullable<TransformOptions["to"]>;
};

/**
 * The growth of the heap between two collections, where there are no threads. A small delta makes few objects and reads
 * many blocks; with less, these would start collections that take a twelfth of the CPU, and with more, memory grows
 * (bench/delta.ts).
 */
const ALONE_GROWING_PERCENT = 150;

/**
 * Transforms a delta with a profile, from its own lines and those that they affect. The links before it must
 * have been transformed on this host.
 *
 * @returns why it has to be done from the whole chain, or undefined if it was done.
 * @throws {FirebreakError} `delta-profile`, `link-not-made`, a fault of the profile or of archive.
 */
export async function* transformProfiledDelta(
  options: ProfiledDeltaOptions,
): AsyncGenerator<TransformEvent, WholeReason | undefined> {
  const startedAt = new Date().toISOString();
  const { archive, previous, profile, to, version, jobs, identities = [] } = options;
  const source = await readSourceManifest(archive, identities);
  const folder = options.folders[to];
  await makeFolder(folder);
  const lock = await FolderLock.take(join(folder, LOCK));
  try {
    await emptyFolder(folder);
    const { namespaces } = source.manifest;
    const parts = namespaces.flatMap((n) => [...n.parts, ...(n.deletes ?? [])]);
    const pool = runnerFor(parts, jobs);
    collectOften(pool instanceof LocalStages ? ALONE_GROWING_PERCENT : undefined);
    const keys = { identities, recipients: source.encryption?.recipients ?? [] };
    const pass = { archive, folder, jobs, pool, keys, totalIs: "so-far" } as const;
    const task = { source, startedAt, version, pass };
    const refuseOther = (made: string): void => {
      if (made !== profile.name) throw transformFault("delta-profile", { archive, profile: made });
    };
    const run = async function* (): AsyncGenerator<TransformEvent> {
      if (to === "mysql") {
        const chain = await madeChain(to, archive, previous, identities);
        refuseOther(chain.links.at(-1)!.manifest.profile);
        yield* transformAffected({ task, targets: AFFECTED_TABLES, chain, profile });
      } else {
        const chain = await madeChain(to, archive, previous, identities);
        refuseOther(chain.links.at(-1)!.manifest.profile);
        yield* transformAffected({ task, targets: AFFECTED_COLLECTIONS, chain, profile });
      }
    };
    try {
      for await (const event of run()) {
        lock.assertHeld();
        yield event;
      }
      return undefined;
    } catch (error) {
      if (error instanceof NeedsWhole) return error.reason;
      throw error;
    } finally {
      await pool.close();
    }
  } finally {
    await lock.release();
  }
}
