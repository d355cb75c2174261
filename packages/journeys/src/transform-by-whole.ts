import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readSourceManifest, transformFoldersIn } from "@firebreak/archive";
import { compactChain } from "@firebreak/compact";
import { deltaOfWhole, transformArchive, type TransformOptions } from "@firebreak/transform";
import { withoutAccount } from "./account-of.ts";

export interface TransformByWholeOptions extends Pick<
  TransformOptions,
  "archive" | "folders" | "jobs" | "version" | "previous" | "identities"
> {
  readonly profile: NonNullable<TransformOptions["profile"]>;
  readonly to: NonNullable<TransformOptions["to"]>;
  /** The folder that holds the copy of the chain while this runs. */
  readonly work: string;
}

export type WholeEvent = StepOf<Step>;
type Step = ReturnType<typeof compactChain> | ReturnType<typeof transformArchive>;
type StepOf<G> = G extends AsyncGenerator<infer E> ? E : never;

/**
 * Transforms a delta with a profile. A profile's rows for one document may depend on other documents. So this
 * compacts the whole chain to one archive in the work folder and transforms that. The delta gets the
 * differences from the links before it. The copy in the work folder is removed at the end.
 *
 * @throws {FirebreakError} a fault of compact, transform or archive.
 */
export async function* transformByWhole(options: TransformByWholeOptions): AsyncGenerator<WholeEvent> {
  const { archive, previous, work, jobs, profile, to, version, identities } = options;
  const whole = join(work, "whole");
  const common = { version, identities };
  await rm(whole, { recursive: true, force: true });
  try {
    // Accounts of the whole chain are not those of the delta.
    yield* withoutAccount(compactChain({ ...common, archive, previous, out: whole, jobs }));
    const folders = transformFoldersIn(whole);
    // The copy is made later than the delta, but rules about age go by the delta.
    const { manifest } = await readSourceManifest(archive, identities);
    const watermarkMs = Date.parse(manifest.run.startedAt);
    yield* withoutAccount(
      transformArchive({ ...common, profile, archive: whole, to, folders, jobs, watermarkMs }),
    );
    const folder = options.folders[to];
    yield* deltaOfWhole({ ...common, archive, previous, to, whole: folders[to], folder });
  } finally {
    await rm(whole, { recursive: true, force: true });
  }
}
