import { eachPart } from "@firebreak/archive";
import { verifyArchive } from "@firebreak/verify";
import { bundleFault } from "./bundle-faults.ts";
import { extractVolume } from "./volume/extract-volume.ts";
import { findVolumes, type FoundVolume } from "./volume/find-volumes.ts";
import { volumeName, type LabelHead } from "./label.ts";
import { manifestsOf } from "./bundle-plan.ts";
import { targetState } from "./target-state.ts";
import { Target } from "./target.ts";
import type { BundleEvent } from "./bundle-notes.ts";

export interface ExtractOptions {
  /** The folder with volumes: all of a bundle, or those of one stick. */
  readonly from: string;
  /** The folder for the archive: new, empty, or left by an earlier run. */
  readonly archive: string;
  readonly jobs: number;
  readonly isDryRun: boolean;
}

/**
 * Unpacks a bundle, volume by volume as they come. A run takes the volumes in the folder and ends with
 * `volumes-missing` until all have been there. The archive gets its manifest when everything else is in
 * place, and is then verified.
 *
 * @throws {FirebreakError} from reading volumes, writing files or verifying them.
 */
export async function* extractBundle(options: ExtractOptions): AsyncGenerator<BundleEvent> {
  const { archive, from } = options;
  const state = await targetState(archive);
  const volumes = await findVolumes(from, state.kind === "begun" ? state.head.bundle : undefined);
  const head = state.kind === "begun" ? state.head : volumes[0]?.head;
  const done = state.kind === "begun" ? state.done : new Set<number>();
  if (head === undefined || (volumes.length === 0 && missing(head, done).length > 0))
    throw bundleFault("volumes-none", { folder: from });
  const other =
    state.kind === "complete" &&
    manifestsOf(head).find(([file, sha256]) => state.manifests.get(file) !== sha256);
  if (other) throw bundleFault("target-taken", { archive, found: other[0] });

  const todo = state.kind === "complete" ? [] : volumes.filter((v) => !done.has(v.head.volume));
  if (options.isDryRun) {
    const later = missing(head, new Set([...done, ...volumes.map((v) => v.head.volume)]));
    yield {
      kind: "note",
      code: "extract-plan",
      fields: { archive, volumes: todo.map((v) => v.name), missing: state.kind === "complete" ? [] : later },
    };
    return;
  }
  if (done.size > 0)
    yield { kind: "note", code: "extract-resumed", fields: { done: done.size, volumes: head.volumeCount } };
  if (state.kind !== "complete") yield* extractVolumes(options, head, todo);
  yield* verifyUnpacked(options);
  yield {
    kind: "note",
    code: "bundle-extracted",
    fields: { files: head.fileCount, bytes: head.fileBytes, volumes: head.volumeCount, archive },
  };
}

async function* extractVolumes(
  { archive, from }: ExtractOptions,
  head: LabelHead,
  volumes: readonly FoundVolume[],
): AsyncGenerator<BundleEvent> {
  const target = await Target.open(archive, head);
  try {
    const totalItems = volumes.reduce((sum, v) => sum + v.bytes, 0);
    let bytes = 0;
    const count = (n: number): void => void (bytes += n);
    for await (const _ of eachPart(volumes, 1, (volume) => extractVolume(volume, target, count)))
      yield { kind: "progress", stage: "unpack", items: bytes, bytes, totalItems };
    const left = missing(head, target.done);
    if (left.length > 0)
      throw bundleFault("volumes-missing", {
        archive,
        folder: from,
        missing: left,
        count: head.volumeCount,
      });
    await target.complete();
  } finally {
    await target.close();
  }
}

/**
 * Reads every file back. The account covers the archive's documents and lines, without transform's output.
 */
async function* verifyUnpacked({ archive, jobs }: ExtractOptions): AsyncGenerator<BundleEvent> {
  for await (const event of verifyArchive({ archive, depth: "files", jobs }))
    yield event.kind === "account"
      ? {
          kind: "account",
          accounts: event.accounts.map(({ namespace, documents, lines }) => ({
            namespace,
            ...(documents === undefined ? {} : { documents }),
            ...(lines === undefined ? {} : { lines }),
          })),
        }
      : event;
}

/** Returns the file names of the volumes that are not in `given`. */
function missing(head: LabelHead, given: ReadonlySet<number>): string[] {
  return Array.from({ length: head.volumeCount }, (_, i) => i + 1)
    .filter((volume) => !given.has(volume))
    .map((volume) => volumeName(head, volume));
}
