import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MYSQL_FOLDER, type StepEvent } from "@firebreak/archive";
import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { Application } from "@firebreak/mysql";
import type { Profile } from "@firebreak/transform";
import { sampledIndexes, type SampledIndex } from "../indexes/index-cost.ts";
import type { Volume } from "../plan-record.ts";
import type { Scratch } from "../scratch/scratch.ts";
import { ARCHIVE, partsOf, probe, type Probed } from "./probe.ts";
import { DocumentReader, newestDocuments, sharesOf, writeSample } from "./sample.ts";

/** The sizes of the two samples. The line through their times is the estimate of the whole. */
const SMALL_BYTES = 8 << 20;
const LARGE_BYTES = 48 << 20;

export interface ProbeOptions {
  readonly jobs: number;
  readonly version: string;
  readonly profile: Profile | undefined;
  /** The application whose own tables the profile's rows are for. */
  readonly application: Application | undefined;
}

/** The measurements of both samples, and the indexes of the larger one's tables. */
export interface ProbedTwice {
  readonly small: Probed;
  readonly large: Probed;
  readonly indexes: readonly SampledIndex[];
}

/**
 * Runs two samples of different sizes through the steps.
 *
 * @param scratch takes all that the steps write.
 * @throws {FirebreakError} a fault of a server or a step.
 */
export async function* probeTwice(
  { jobs, version, profile, application }: ProbeOptions,
  scratch: Scratch,
  source: MongodbSource,
  namespaces: readonly Namespace[],
  volumes: readonly Volume[],
): AsyncGenerator<Extract<StepEvent, { kind: "progress" }>, ProbedTwice> {
  const scratchUrl = scratch.database?.url;
  const how = { jobs, version, profile, application, scratchUrl, wholeParts: partsOf(volumes) };
  let indexes: readonly SampledIndex[] = [];
  const measure = async function* (name: string, mostBytes: number) {
    const folder = join(scratch.folder, name);
    const shares = sharesOf(volumes, mostBytes);
    const sampling = newestDocuments(new DocumentReader(source), namespaces, shares);
    const sample = await writeSample(sampling, join(folder, "dump"));
    const measured = yield* probe({ ...how, folder, sample });
    const rows = join(folder, ARCHIVE, MYSQL_FOLDER);
    if (mostBytes === LARGE_BYTES) indexes = await sampledIndexes(rows, measured.manifest, scratchUrl);
    await rm(folder, { recursive: true });
    return measured;
  };
  const small = yield* measure("small", SMALL_BYTES);
  await scratch.database?.empty(application);
  const large = yield* measure("large", LARGE_BYTES);
  return { small, large, indexes };
}
