import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StepEvent } from "@firebreak/archive";
import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { Application } from "@firebreak/mysql";
import type { Profile } from "@firebreak/transform";
import type { Volume } from "../plan-record.ts";
import { ScratchDatabase } from "../scratch-database.ts";
import { probe, type Probed } from "./probe.ts";
import { sharesOf, writeSample } from "./sample.ts";

/** The sizes of the two samples. The line through their times is the estimate of the whole. */
const SMALL_BYTES = 8 << 20;
const LARGE_BYTES = 48 << 20;

export interface ProbeOptions {
  readonly mysqlUrl: string;
  readonly jobs: number;
  readonly version: string;
  readonly scratch: string | undefined;
  readonly profile: Profile | undefined;
  /** The application whose own tables the profile's rows are for. */
  readonly application: Application | undefined;
}

/**
 * Runs two samples of different sizes through the steps, and removes all that they made, also after a fault.
 *
 * @throws {FirebreakError} `probe-taken`, or a fault of a server or a step.
 */
export async function* probeTwice(
  { mysqlUrl, scratch, application, ...how }: ProbeOptions,
  source: MongodbSource,
  namespaces: readonly Namespace[],
  volumes: readonly Volume[],
): AsyncGenerator<Extract<StepEvent, { kind: "progress" }>, Readonly<Record<"small" | "large", Probed>>> {
  const database = scratch === undefined ? undefined : new ScratchDatabase(mysqlUrl, scratch);
  await database?.create(application);
  const folder = await mkdtemp(join(tmpdir(), "firebreak-plan-"));
  try {
    const measure = async function* (name: string, mostBytes: number) {
      const own = join(folder, name);
      const sample = await writeSample(source, namespaces, sharesOf(volumes, mostBytes), join(own, "dump"));
      const measured = yield* probe({ ...how, application, folder: own, sample, scratchUrl: database?.url });
      await rm(own, { recursive: true });
      return measured;
    };
    const small = yield* measure("small", SMALL_BYTES);
    await database?.empty(application);
    const large = yield* measure("large", LARGE_BYTES);
    return { small, large };
  } finally {
    await rm(folder, { recursive: true, force: true });
    await database?.drop();
  }
}
