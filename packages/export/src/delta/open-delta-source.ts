import type { ChainLink } from "@firebreak/archive";
import { connectMongodb, majorityTime } from "@firebreak/mongodb";
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
  if (source.kind !== "mongodb") throw new Error("comes");
  const since = chain.at(-1)!.manifest.watermark;
  const mongodb = await connectMongodb(source.url);
  try {
    const now = await majorityTime(mongodb);
    if (options.isByComparison || now === undefined || since === undefined) {
      const { openMongodbComparison } = await import("./mongodb-comparison.ts");
      const { server } = mongodb;
      const note: Note = {
        kind: "note",
        code: "delta-without-stream",
        fields: { server, isSet: now !== undefined },
      };
      return openMongodbComparison(mongodb, options.isByComparison ? [] : [note]);
    }
    const { openStreamSource } = await import("./stream-source.ts");
    return await openStreamSource(mongodb, since);
  } catch (error) {
    await mongodb.client.close();
    throw error;
  }
}
