import { accountEvent, readSourceManifest, type StepEvent } from "@firebreak/archive";
import { refuseUnlinked } from "@firebreak/items";
import type {
  ChecksumOptions,
  ChecksumRequest,
  ChecksumTarget,
  MadeManifest,
  OpenChecksum,
  OpenSample,
  SampleEvent,
} from "@firebreak/target";
import { DifferencesFile, type FileNotes } from "./differences-file.ts";
import { DifferencesTally, type DifferencesEvent, type TallyNotes } from "./differences-tally.ts";

/** The notes of a comparison with a target of any kind, with their fields. */
export type ChecksumNotes = FileNotes & TallyNotes;

/**
 * Compares the digests of an archive with those of a target. Reports equality, or the rows or documents that
 * differ. What went to quarantine causes no difference. For a delta, it compares all that the whole chain has
 * of its tables or collections.
 *
 * @throws {FirebreakError} a fault of archive or the target's kind.
 */
export async function* checksumArchive<M extends MadeManifest | undefined, N>(
  target: ChecksumTarget<M, N>,
  options: ChecksumOptions,
): AsyncGenerator<StepEvent<N> | StepEvent<ChecksumNotes> | DifferencesEvent> {
  const request = await readManifests(target, options);
  const open = await target.open(request);
  const file = new DifferencesFile(options.work);
  try {
    for await (const event of open.compare())
      if (event.kind === "differing") {
        const tally = new DifferencesTally(event, file);
        for await (const difference of event.differences) yield* tally.add(difference);
        yield* tally.end();
      } else yield event;
    yield* file.seal();
    const { notes, accounts } = await open.outcome();
    yield* notes;
    yield accountEvent(accounts, request.made ?? {});
  } catch (error) {
    throw open.explain(error);
  } finally {
    await file.abandon();
    await open.close();
  }
}

/**
 * Picks rows of the archive at random, all equally likely, and shows each as it is in the target beside its
 * document. It lets people look at examples, and proves nothing about the other rows.
 *
 * @throws {FirebreakError} a fault of archive or the target's kind.
 */
export async function* sampleRows<M extends MadeManifest | undefined, N>(
  target: ChecksumTarget<M, N, OpenSample<N>>,
  { count, ...options }: ChecksumOptions & { readonly count: number },
): AsyncGenerator<StepEvent<N> | SampleEvent> {
  const open = await target.open(await readManifests(target, options));
  try {
    yield* open.sample(count);
  } catch (error) {
    throw open.explain(error);
  } finally {
    await open.close();
  }
}

async function readManifests<M extends MadeManifest | undefined, N, O extends OpenChecksum<N>>(
  target: ChecksumTarget<M, N, O>,
  options: ChecksumOptions,
): Promise<ChecksumRequest<M>> {
  const { archive, folder, identities } = options;
  const source = await readSourceManifest(archive, identities);
  const made = await target.readManifest(folder, source.sha256, identities);
  if (made !== undefined) refuseUnlinked(source.manifest, made, folder);
  return { ...options, source, made };
}
