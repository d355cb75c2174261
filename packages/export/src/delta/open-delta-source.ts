import { chainNamespaces, type ChainLink } from "@firebreak/items";
import { connectMongodb, majorityTime } from "@firebreak/mongodb";
import { exportFault } from "../export-faults.ts";
import type { Note } from "../export-notes.ts";
import type { DeltaOptions } from "./delta-options.ts";
import { namesAdminNotes } from "../mongodb/names-admin.ts";
import type { DeltaSource } from "./delta-source.ts";
import { refuseScope } from "./refuse-scope.ts";

/**
 * Opens a source of changes: by change stream if the source has one and the chain has a watermark; otherwise
 * by comparison.
 *
 * @throws {FirebreakError} of mongodb or mysql.
 */
export async function openDeltaSource(
  options: Pick<DeltaOptions, "source" | "isByComparison" | "deltaFrom">,
  chain: readonly ChainLink[],
): Promise<DeltaSource> {
  const { source, isByComparison, deltaFrom } = options;
  const byComparison = (reason: "asked" | "mysql"): Note => ({
    kind: "note",
    code: "delta-by-comparison",
    fields: { previous: deltaFrom, reason },
  });
  if (source.kind === "mysql") {
    const { openMysqlComparison } = await import("./comparison/mysql-comparison.ts");
    return openMysqlComparison(source.url, [byComparison(isByComparison ? "asked" : "mysql")]);
  }
  const { manifest } = chain.at(-1)!;
  if (source.kind === "dump")
    throw exportFault("delta-source-differs", {
      previous: deltaFrom,
      kind: manifest.source.kind,
      now: source.kind,
    });
  const since = manifest.watermark;
  const mongodb = await connectMongodb(source.url);
  try {
    refuseScope(mongodb, chainNamespaces(chain));
    const now = await majorityTime(mongodb);
    if (isByComparison || now === undefined || since === undefined) {
      const { openMongodbComparison } = await import("./comparison/mongodb-comparison.ts");
      const { server } = mongodb;
      const withoutStream: Note = {
        kind: "note",
        code: "delta-without-stream",
        fields: { server, isSet: now !== undefined },
      };
      const why = isByComparison ? byComparison("asked") : withoutStream;
      return openMongodbComparison(source.url, mongodb, [why, ...namesAdminNotes(mongodb)]);
    }
    const { openStreamSource } = await import("./stream/stream-source.ts");
    return await openStreamSource(mongodb, since);
  } catch (error) {
    await mongodb.client.close();
    throw error;
  }
}
