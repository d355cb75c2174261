import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { StepEvent } from "@firebreak/archive";
import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { Application } from "@firebreak/mysql";
import type { Profile } from "@firebreak/transform";
import type { Volume } from "../plan-record.ts";
import type { Scratch } from "../scratch/scratch.ts";
import { probe, type Probed } from "./probe.ts";
import { sharesOf, writeSample } from "./sample.ts";

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
): AsyncGenerator<Extract<StepEvent, { kind: "progress" }>, Readonly<Record<"small" | "large", Probed>>> {
  const how = { jobs, version, profile, application, scratchUrl: scratch.database?.url };
  const measure = async function* (name: string, mostBytes: number) {
    const folder = join(scratch.folder, name);
    const sample = await writeSample(source, namespaces, sharesOf(volumes, mostBytes), join(folder, "dump"));
    const measured = yield* probe({ ...how, folder, sample });
    await rm(folder, { recursive: true });
    return measured;
  };
  const small = yield* measure("small", SMALL_BYTES);
  await scratch.database?.empty(application);
  return { small, large: yield* measure("large", LARGE_BYTES) };
}
