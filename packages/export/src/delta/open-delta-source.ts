import type { ChainLink } from "@firebreak/archive";
import { connectMongodb, majorityTime } from "@firebreak/mongodb";
import type { Note } from "../export-source.ts";
import type { DeltaOptions } from "./export-delta.ts";
import type { DeltaSource } from "./delta-source.ts";

/** Why changes are found by comparison. */
export type ComparisonReason = "asked" | "mysql" | "no-replica-set" | "no-watermark";

/**
 * The way in which changes are found: by change stream where the source has one
 * and the chain says from when on, else by comparison.
 *
 * @throws {FirebreakError} of mongodb or mysql.
 */
export async function openDeltaSource(
  options: Pick<DeltaOptions, "source" | "isByComparison" | "deltaFrom">,
  chain: readonly ChainLink[],
): Promise<DeltaSource> {
  const { source, isByComparison, deltaFrom } = options;
  const note = (reason: ComparisonReason): Note => ({
    kind: "note",
    code: "delta-by-comparison",
    fields: { previous: deltaFrom, reason: isByComparison ? "asked" : reason },
  });
  if (source.kind === "mysql") {
    const { openMysqlComparison } = await import("./mysql-comparison.ts");
    return openMysqlComparison(source.url, [note("mysql")]);
  }
  if (source.kind === "dump") throw new Error("refused before");
  const since = chain.at(-1)!.manifest.watermark;
  const mongodb = await connectMongodb(source.url);
  try {
    const now = await majorityTime(mongodb);
    if (isByComparison || now === undefined || since === undefined) {
      const { openMongodbComparison } = await import("./mongodb-comparison.ts");
      return openMongodbComparison(mongodb, [note(now === undefined ? "no-replica-set" : "no-watermark")]);
    }
    throw new Error("the change stream comes here");
  } catch (error) {
    await mongodb.client.close();
    throw error;
  }
}
