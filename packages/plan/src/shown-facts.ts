import { hasManifest, reasonOf, type MysqlManifest } from "@firebreak/archive";
import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { MysqlSession } from "@firebreak/mysql";
import { lookAtUse, queryProblems } from "./access/look-at-use.ts";
import { encodingProblems, textEncodings } from "./advice/text-encoding.ts";
import { coveringArchive } from "./archive/covering-archive.ts";
import { indexCosts, type SampledIndex } from "./indexes/index-cost.ts";
import type { IndexUse, PlanFinding, Unseen, Volume } from "./plan-record.ts";
import type { CoveringArchive, ShownFacts } from "./facts-record.ts";

/** The servers, and the results of the probe, from which the facts of a site are read. */
export interface FactsTask {
  readonly source: MongodbSource;
  readonly session: MysqlSession;
  readonly namespaces: readonly Namespace[];
  readonly collections: readonly Volume[];
  /** The folder of the archive, which may exist. */
  readonly folder: string;
  readonly manifest: MysqlManifest;
  readonly indexes: readonly SampledIndex[];
  readonly indexUse: readonly IndexUse[];
}

/** The use of both servers, the new indexes, the text of the target, and the archive that is there. */
export interface FactsFound {
  readonly shown: ShownFacts;
  readonly archive: CoveringArchive | undefined;
  /** True if the folder has an archive that no delta can go on from, as far as this login can tell. */
  readonly isTaken: boolean;
  readonly findings: readonly PlanFinding[];
  readonly unseen: readonly Unseen[];
}

/**
 * Reads the facts of a site that the estimates do not need.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function shownFacts(task: FactsTask): Promise<FactsFound> {
  const { source, session, namespaces, collections, folder, manifest, indexes, indexUse } = task;
  const { database } = session.target;
  const databases = database === undefined ? [...new Set(collections.map((c) => c.database))] : [database];
  const { unseen, ...use } = await lookAtUse(source, session, namespaces, databases);
  const encoding = await textEncodings(session, databases, manifest);
  const archive = await archiveOrReason(folder, source, namespaces);
  const isThere = archive !== undefined && "at" in archive;
  return {
    shown: { ...use, newIndexes: indexCosts(indexes, collections, indexUse), encoding },
    archive: isThere ? archive : undefined,
    isTaken: (await hasManifest(folder)) && !(isThere && archive.delta !== undefined),
    findings: [...queryProblems(use.slowQueries), ...encodingProblems(encoding)],
    unseen: archive === undefined || isThere ? unseen : [...unseen, archive],
  };
}

async function archiveOrReason(
  folder: string,
  source: MongodbSource,
  namespaces: readonly Namespace[],
): Promise<CoveringArchive | Unseen | undefined> {
  try {
    return await coveringArchive(folder, source, namespaces);
  } catch (error) {
    return { what: "archive", reason: reasonOf(error), names: [folder] };
  }
}
