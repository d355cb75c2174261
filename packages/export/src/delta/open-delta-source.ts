import type { ChainLink } from "@firebreak/archive";
import { connectMongodb, majorityTime } from "@firebreak/mongodb";
import { exportFault } from "../export-faults.ts";
import type { Note } from "../export-source.ts";
import type { DeltaOptions } from "./export-delta.ts";
import type { DeltaSource } from "./delta-source.ts";

/**
 * The way in which changes are found: by change stream where the source has one
 * and the chain says from when on, else by comparison.
 *
 * @throws {FirebreakError} of mongodb or mysql.
 */
export async function openDeltaSource(
  options: DeltaOptions,
  chain: readonly ChainLink[],
): Promise<DeltaSource> {
  const { source } = options;
  const since = chain.at(-1)!.manifest.watermark;
  if (source.kind !== "mongodb" || options.isByComparison) throw new Error("comparison comes here");
  const mongodb = await connectMongodb(source.url);
  try {
    const now = await majorityTime(mongodb);
    if (now === undefined || since === undefined) throw new Error("comparison comes here");
    throw new Error("the change stream comes here");
  } catch (error) {
    await mongodb.client.close();
    throw error;
  }
}
